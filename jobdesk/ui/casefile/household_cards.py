"""Cards of a household's detail: its members, the application, the clock with the ladder."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.cases.claim import Act
from jobdesk.cases.due import DueKind
from jobdesk.cases.facts import MOVED_TO, Rec, is_member
from jobdesk.cases.households import MemberStanding
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.reports.household_evidence import version_words
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole
from jobdesk.ui.case_words import label
from jobdesk.ui.casefile import household_ways
from jobdesk.ui.casefile import household_words as state
from jobdesk.ui.casefile.claim_state import differs_words
from jobdesk.ui.casefile.household_evidence_card import EvidenceCard
from jobdesk.ui.casefile.household_hand import Hand
from jobdesk.ui.casefile.household_words import t
from jobdesk.ui.kit import BlankChip, Button, Chip, FlowText, Text, column, flow, frame
from jobdesk.ui.kit.layouts import Item


def members_card(hand: Hand, one: HouseholdRow) -> QWidget:
    """成员: who is one today, who left, and whom to add."""
    lines: list[Item] = []
    for member in one.standing.members:
        lines.append(_member(hand, one, member))
    gone = [m for m in one.facts.of("member") if m.text("until") and not is_member(m.values, hand.iso)]
    if gone:
        names = t("comma").join(_gone_words(hand, one, m) for m in gone)
        lines.append(Text(t("gone", names=names), "caption", "ink_2", wrap=True))
    add: list[QWidget] = []
    if hand.acts:
        add = [hand.button(t("add_filed"), "add_filed", icon="plus"),
               hand.button(t("add_member"), "add_member", icon="plus")]  # fmt: skip
    title = t("members", count=len(one.standing.members))
    return hand.card("members", title, *lines, flow(*add, gap=12))


def _gone_words(hand: Hand, one: HouseholdRow, member: Rec) -> str:
    """Who left on which day, and to which station the file went."""
    file, to = one.people.get(member.text("case")), member.text(MOVED_TO)
    who = (file.text("name") if file is not None else "") or member.text("name")
    day = hand.day(member.text("until"))
    if to:
        return t("gone_to", who=who, day=day, station=one.stations.get(to, to))
    return f"{who} {day}"


def _member(hand: Hand, one: HouseholdRow, member: MemberStanding) -> QWidget:
    record = member.record
    links: list[QWidget] = []
    if member.case_id:
        case = member.case_id
        links.append(Button(t("open_file"), "link", on_click=lambda: hand.ctx.go("ledger", case)))
    if hand.acts:
        links.append(hand.button(t("correct"), "edit_member", record.id))
        if not record.text("until"):
            links.append(hand.button(t("leaves"), "leave", record.id))
    said = state.member_words(one, member)
    place = frame(column(gap=6))
    hand.places[record.id] = place
    basis = hand.basis(member.labour.basis(), one, member=member)
    name = one.name(record.id)
    who: QWidget = FlowText(name, bold=True) if name else BlankChip(text("casefile.blank"))
    head = flow(who, FlowText(said, "caption", "ink_2"), basis, *links, gap=8, baseline=True)
    shown = [BlankChip(t("lacks", what=w)) for w in state.lacking(member)]
    again = [_again(hand, line) for line in member.also]
    return frame(column(head, *again, *([flow(*shown)] if shown else []), place, gap=2))


def _again(hand: Hand, record: Rec) -> QWidget:
    """A second line of the same person: not counted, to be corrected or ended."""
    said = t("same_person", line=state.line_of_member(record, hand.ctx.desk.day))
    links: list[QWidget] = []
    if hand.acts:
        links = [hand.button(t("correct"), "edit_member", record.id),
                 hand.button(t("leaves"), "leave", record.id)]  # fmt: skip
    place = frame(column(gap=6))
    hand.places[record.id] = place
    return frame(column(flow(FlowText(said, "caption", "warn"), *links, gap=8), place, gap=2))


def claim_card(hand: Hand, whole: HouseholdWhole) -> QWidget:
    """认定办理: where the application stands, what is due, and the acts."""
    one, view = whole.row, whole.row.claim
    steps: list[QWidget] = []
    for step in view.steps:
        look = {"done": "ok", "now": "accent", "later": "plain", "off": "plain"}[step.state]
        look = "bad" if step.key == "refused" else look
        words = text(f"claim.step.{step.key}")
        said = f"{words} {hand.day(step.on)}" if step.on else words
        steps.append(Chip(said, look))  # type: ignore[arg-type]
    lines: list[Item] = [flow(*steps, gap=6)]
    if view.publicity is not None:
        lines.append(Text(_with_status(view.publicity, hand.ctx.desk.day), "caption", "ink_2", wrap=True))
    lines += [
        Text(f"{label('household', n)}：{one.facts.text(n)}", "caption", "ink_2", wrap=True)
        for n in (
            "supplement_list",
            "station_opinion",
            "objection",
            "refusal_reason",
            "remedy",
            "exit_reason",
        )
        if one.facts.text(n)
    ]
    if whole.state.root.get("snapshot"):
        lines.append(
            flow(
                Chip(t("evidence_kept"), "outline"),
                FlowText(
                    f"{label('household', 'rule_version')} {version_words(one.facts.text('rule_version'))}",
                    "caption",
                    "ink_2",
                ),
                gap=8,
            )
        )
        lines.append(EvidenceCard(hand, whole))
    if told := differs_words(whole.state.root.values()):
        lines.append(Text(told, "caption", "warn", wrap=True))
    due = view.next
    if due is not None and due.day is not None:
        line = next((n for n in one.due if dict(n.params).get("act") == due.act.value), None)
        day = line.due if line is not None else due.day
        said = t("claim_next", act=text(f"claim.act.{due.act.value}"), day=hand.day(day.isoformat()))
        late = day < hand.ctx.desk.day
        link = hand.basis(due.basis("household", one.id), one, household_ways.of_claim(hand.ask_for))
        put_off = hand.put_off(line) if line is not None else []
        lines.append(flow(FlowText(said, "body", "bad" if late else "ink", bold=late), link, *put_off, gap=8))
    if hand.acts:
        first = view.acts[:1]
        buttons = [
            hand.button(
                text(f"claim.act.{a.value}"), f"act:{a.value}", kind="primary" if a in first else "quiet"
            )
            for a in view.acts
            if a is not Act.REVIEW or one.facts.text("state") == "recognised"
        ]
        lines.append(flow(*buttons, gap=8))
    lines.append(Text(t("only_county"), "caption", "ink_2", wrap=True))
    return hand.card("claim", t("claim"), *lines)


def clock_card(hand: Hand, whole: HouseholdWhole) -> QWidget:
    """援助期限和层级: the deadline, who holds it, the lines that are due."""
    one, clock, today = whole.row, whole.row.clock, hand.ctx.desk.day
    lines: list[Item] = []
    if clock.runs:
        said, tone = state.deadline_words(clock, today)
        if said:
            lines.append(Text(said, "body", tone, bold=tone != "ink"))
        if clock.deadline_rule is not None:
            lines.append(Text(_with_status(clock.deadline_rule, today), "caption", "ink_2", wrap=True))
        helped = one.facts.text("first_help_on")
        if helped:
            lines.append(Text(t("first_help_given", day=hand.day(helped)), "caption", "ok"))
        elif clock.first_help_due is not None:
            due = hand.day(clock.first_help_due.isoformat())
            over = clock.first_help_due < today
            lines.append(Text(t("first_help_due", day=due), "caption", "bad" if over else "ink"))
    elif clock.cleared_on:
        lines.append(Text(t("one_job", day=hand.day(clock.cleared_on)), "body", "ok", bold=True))
        if clock.ended is not None:
            ended = hand.day(clock.ended.isoformat())
            lines.append(Text(t("job_over", day=ended), "body", "bad", bold=True, wrap=True))
    else:
        lines.append(Text(state.why_no_clock(clock), "caption", "ink_2", wrap=True))
    if clock.job is not None and clock.runs:
        file = one.people.get(clock.job.case_id)
        name = file.text("name") if file is not None else ""
        since = hand.day(clock.job.since)
        lines.append(Text(t("job_found", name=name, since=since), "body", "ok", wrap=True))
    lines += [Text(w, "caption", "ink_2", wrap=True) for w in _rungs(hand, whole.state.of("rung"))]
    for line in one.due:
        if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY):
            continue
        words = state.line_words(line)
        when = t("by_day", day=hand.day(line.due.isoformat()))
        tone = "bad" if line.due < today else "ink"
        ways = household_ways.of_line(line, one.people, hand.ask_for, hand.to_file)
        shown = (FlowText(f"{words}　{when}", "caption", tone), hand.basis(line.basis, one, ways))
        lines.append(flow(*shown, *hand.put_off(line), gap=8))
    if hand.acts:
        lines.append(flow(*_clock_buttons(hand, one), gap=8))
    plan = state.plan_words(whole.packs, today)
    if plan:
        lines.append(Text(plan, "caption", "ink_2", wrap=True))
    return hand.card("clock", t("clock"), *lines)


def _clock_buttons(hand: Hand, one: HouseholdRow) -> list[QWidget]:
    clock, found = one.clock, list[QWidget]()
    if clock.runs and clock.job is not None:
        found.append(hand.button(t("clear"), "clear", kind="primary"))
    if clock.first_help_due is not None:
        found.append(hand.button(t("first_help"), "first_help", kind="quiet"))
    if clock.runs and (clock.rung is None or clock.rung.up):
        up = clock.rung.up if clock.rung is not None else "community"
        found.append(hand.button(t("hand_up", level=state.level_words(up)), "hand_up", kind="quiet"))
    if clock.ended is not None:
        found.append(hand.button(t("reverify"), "reverify", kind="primary"))
    return found


def _rungs(hand: Hand, rungs: list[RecordState]) -> list[str]:
    ordered = sorted(rungs, key=lambda r: (r.text("since"), r.id))
    return [
        t(
            "rung_line",
            level=state.level_words(r.text("level")),
            holder=r.text("holder") or t("none"),
            since=hand.day(r.text("since")),
            until=hand.day(r.text("until")) or t("now"),
        )
        for r in ordered
    ]


def _with_status(entry: Entry, today: date) -> str:
    """A rule's sentence with its source and how sure it is."""
    status = entry.status_on(today)
    mark = {
        "unconfirmed": text("app.unconfirmed"),
        "own": text("app.own_figure"),
        "lapsed": text("app.lapsed"),
    }.get(status, "")
    source = "" if entry.source.document == "jobdesk" else entry.source.document
    return "　".join(p for p in (entry.sentence, source, mark) if p)
