"""One household whole: what the rule says, the drawing, members, the application, the clock, the ladder."""

from __future__ import annotations

import functools
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.claim import Act
from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.facts import Rec
from jobdesk.cases.households import MemberStanding
from jobdesk.cases.ops import Subject
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.state import RecordState
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole
from jobdesk.ui import basis_view
from jobdesk.ui.case_words import Words, label, record_name
from jobdesk.ui.casefile import household_ways
from jobdesk.ui.casefile import household_words as state
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.household_drawing import Figure, HouseholdDrawing
from jobdesk.ui.casefile.household_ways import Ways
from jobdesk.ui.casefile.household_words import t
from jobdesk.ui.context import Context
from jobdesk.ui.kit import BlankChip, Button, Chip, Text, clear, column, flow, frame, row, show_basis
from jobdesk.ui.kit.layouts import Item
from jobdesk.ui.signals import TypedSignal, signal

NO_CLAIM = frozenset({"allowance", "other_hardship"})


class HouseholdDetail(QWidget):
    """Read and act.

    Args:
        acts: False in the person's file: without heading and members, which stand there already.

    Signals:
        asked: (what, record id) that a person wants to do; the owner asks for the rest under ``place_of``.
    """

    asked: TypedSignal[tuple[str, str]] = signal()

    def __init__(self, ctx: Context, acts: bool = True) -> None:
        super().__init__()
        self._ctx, self._acts = ctx, acts
        self.whole: HouseholdWhole | None = None
        self._places: dict[str, QWidget] = {}
        self._body = column(gap=10)
        self.setLayout(self._body)

    def show_whole(self, whole: HouseholdWhole) -> None:
        """Show this household; open questions are put away."""
        self.whole = whole
        self._places.clear()
        clear(self._body)
        one = whole.row
        if self._acts:
            self._body.addWidget(self._head(one))
        self._body.addWidget(self._verdict(one))
        self._body.addWidget(self._drawing(one))
        if self._acts:
            self._body.addWidget(self._members(one))
        if one.facts.text("kind") not in NO_CLAIM:
            self._body.addWidget(self._claim(whole))
        self._body.addWidget(self._clock(whole))
        if self._acts:
            self._body.addWidget(self._checks(whole))
            for conflict in self._conflicts(whole):
                self._body.addWidget(conflict)

    def place_of(self, part: str) -> QWidget | None:
        """Where a question of a part is laid out (``head``, ``claim``, ``clock`` …)."""
        return self._places.get(part)

    # ---- parts

    def _card(self, part: str, title: str, *items: Item, corner: QWidget | None = None) -> QWidget:
        place = frame(column(gap=6))
        self._places[part] = place
        head: list[Item] = [Text(title, bold=True), None]
        if corner is not None:
            head.append(corner)
        return frame(column(row(*head), *items, place, gap=8, pad=(14, 10, 14, 12)), "card")

    def _button(self, words: str, what: str, record: str = "", kind: str = "link", icon: str = "") -> Button:
        return Button(words, kind, icon=icon, on_click=lambda: self.asked.emit((what, record)))  # type: ignore[arg-type]

    def _head(self, one: HouseholdRow) -> QWidget:
        kind = state.kind_words(one)
        marks: list[QWidget] = [Text(state.title(one), "title")]
        if kind:
            marks.append(Chip(kind, "outline"))
        marks.append(Chip(state.state_words(one), state.state_look(one)))
        lines = [" ".join(p for p in (one.facts.text("community"), one.facts.text("address")) if p)]
        number, filed = one.facts.text("filing_no"), one.facts.text("filed_on")
        if number or filed:
            lines.append(
                t("filing", number=number or t("none"), day=self._day(filed) if filed else t("none"))
            )
        lines.append(one.facts.text("note"))
        place = frame(column(gap=6))
        self._places["head"] = place
        links: list[QWidget] = []
        if self._acts:
            moves = () if self._ctx.above else ("move_out",)
            acts = ("edit", "file", "papers", *moves, "withdraw")
            links = [self._button(t(what), what) for what in acts]
        shown = [Text(line, "caption", "ink_2", wrap=True) for line in lines if line]
        return frame(column(flow(*marks, gap=8), *shown, flow(*links, gap=12), place, gap=4))

    def _verdict(self, one: HouseholdRow) -> QWidget:
        said, look = state.verdict_words(one)
        link = self._basis(one.standing.basis(), one)
        marks: list[QWidget] = [Text(t("rule_zero"), bold=True), Chip(said, look)]
        if one.standing.verdict.unchecked:
            marks.append(BlankChip(text("basis.unchecked"), text("basis.unchecked_tip")))
        missing = [
            flow(
                Text(who or t("household"), "caption", bold=True),
                *(BlankChip(t("lacks", what=w)) for w in what),
                gap=6,
            )
            for who, what in state.missing_words(one)
        ]
        quiet = Text(t("not_recognition"), "caption", "ink_2", wrap=True)
        return frame(column(flow(*marks, link, gap=8), *missing, quiet, gap=6, pad=(14, 10, 14, 10)), "band")

    def _drawing(self, one: HouseholdRow) -> QWidget:
        drawing = HouseholdDrawing()
        figures = [self._figure(one, m) for m in one.standing.members]
        said = t("drawing_said", members=text("casefile.semicolon").join(map(_in_words, figures)))
        drawing.set_figures(figures, t("drawing"), said)
        key = flow(
            Chip(t("works"), "ok"), Chip(t("unemployed"), "warn"), BlankChip(t("unclear")),
            Chip(t("outside"), "plain"), Text(t("frame_note"), "caption", "ink_3", wrap=False), gap=6,
        )  # fmt: skip
        return frame(column(drawing, key, gap=6))

    def _figure(self, one: HouseholdRow, member: MemberStanding) -> Figure:
        record = member.record
        lives = record.values.get("lives_here")
        relation = record.text("relation")
        return Figure(
            one.name(record.id) or text("casefile.blank"), relation,
            code_lists.table("relation").name_of(relation) if relation else "",
            short_state(member), state.look_of(member), lives if isinstance(lives, bool) else None,
        )  # fmt: skip

    def _members(self, one: HouseholdRow) -> QWidget:
        lines: list[Item] = []
        for member in one.standing.members:
            lines.append(self._member(one, member))
        gone = [m for m in one.facts.of("member") if m.text("until") and m.text("until") < self._iso()]
        if gone:
            names = t("comma").join(
                f"{self._gone_name(one, m.text('case')) or m.text('name')} {self._day(m.text('until'))}"
                for m in gone
            )
            lines.append(Text(t("gone", names=names), "caption", "ink_2", wrap=True))
        add: list[QWidget] = []
        if self._acts:
            add = [self._button(t("add_filed"), "add_filed", icon="plus"),
                   self._button(t("add_member"), "add_member", icon="plus")]  # fmt: skip
        title = t("members", count=len(one.standing.members))
        return self._card("members", title, *lines, flow(*add, gap=12))

    def _gone_name(self, one: HouseholdRow, case_id: str) -> str:
        file = one.people.get(case_id)
        return file.text("name") if file is not None else ""

    def _member(self, one: HouseholdRow, member: MemberStanding) -> QWidget:
        record = member.record
        links: list[QWidget] = []
        if member.case_id:
            case = member.case_id
            links.append(Button(t("open_file"), "link", on_click=lambda: self._ctx.go("ledger", case)))
        if self._acts:
            links += [self._button(t("correct"), "edit_member", record.id),
                      self._button(t("leaves"), "leave", record.id)]  # fmt: skip
        said = state.member_words(one, member)
        place = frame(column(gap=6))
        self._places[record.id] = place
        basis = self._basis(member.labour.basis(), one, member=member)
        name = one.name(record.id)
        who: QWidget = Text(name, bold=True) if name else BlankChip(text("casefile.blank"))
        head = flow(who, Text(said, "caption", "ink_2", wrap=False), basis, *links, gap=8, baseline=True)
        shown = [BlankChip(t("lacks", what=w)) for w in state.lacking(member)]
        again = [self._again(one, line) for line in member.also]
        return frame(column(head, *again, *([flow(*shown)] if shown else []), place, gap=2))

    def _again(self, one: HouseholdRow, record: Rec) -> QWidget:
        """A second line of the same person: not counted, to be corrected or ended."""
        said = t("same_person", line=state.line_of_member(record, self._ctx.desk.today))
        links: list[QWidget] = []
        if self._acts:
            links = [self._button(t("correct"), "edit_member", record.id),
                     self._button(t("leaves"), "leave", record.id)]  # fmt: skip
        place = frame(column(gap=6))
        self._places[record.id] = place
        return frame(column(flow(Text(said, "caption", "warn", wrap=False), *links, gap=8), place, gap=2))

    def _claim(self, whole: HouseholdWhole) -> QWidget:
        one, view = whole.row, whole.row.claim
        steps: list[QWidget] = []
        for step in view.steps:
            look = {"done": "ok", "now": "accent", "later": "plain", "off": "plain"}[step.state]
            look = "bad" if step.key == "refused" else look
            words = text(f"claim.step.{step.key}")
            said = f"{words} {self._day(step.on)}" if step.on else words
            steps.append(Chip(said, look))  # type: ignore[arg-type]
        lines: list[Item] = [flow(*steps, gap=6)]
        if view.publicity is not None:
            lines.append(
                Text(_with_status(view.publicity, self._ctx.desk.today), "caption", "ink_2", wrap=True)
            )
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
                    Text(
                        f"{label('household', 'rule_version')} {one.facts.text('rule_version')}",
                        "caption",
                        "ink_2",
                    ),
                    gap=8,
                )
            )
        due = view.next
        if due is not None and due.day is not None:
            line = next((n for n in one.due if dict(n.params).get("act") == due.act.value), None)
            day = line.due if line is not None else due.day
            said = t("claim_next", act=text(f"claim.act.{due.act.value}"), day=self._day(day.isoformat()))
            late = day < self._ctx.desk.today
            link = self._basis(due.basis("household", one.id), one, household_ways.of_claim(self._ask_for))
            put_off = self._put_off(line) if line is not None else []
            lines.append(flow(Text(said, "body", "bad" if late else "ink", bold=late), link, *put_off, gap=8))
        if self._acts:
            first = view.acts[:1]
            buttons = [
                self._button(
                    text(f"claim.act.{a.value}"), f"act:{a.value}", kind="primary" if a in first else "quiet"
                )
                for a in view.acts
                if a is not Act.REVIEW or one.facts.text("state") == "recognised"
            ]
            lines.append(flow(*buttons, gap=8))
        lines.append(Text(t("only_county"), "caption", "ink_2", wrap=True))
        return self._card("claim", t("claim"), *lines)

    def _clock(self, whole: HouseholdWhole) -> QWidget:
        one, clock, today = whole.row, whole.row.clock, self._ctx.desk.today
        lines: list[Item] = []
        if clock.runs:
            said, tone = state.deadline_words(clock, today)
            if said:
                lines.append(Text(said, "body", tone, bold=tone != "ink"))
            if clock.deadline_rule is not None:
                lines.append(Text(_with_status(clock.deadline_rule, today), "caption", "ink_2", wrap=True))
            helped = one.facts.text("first_help_on")
            if helped:
                lines.append(Text(t("first_help_given", day=self._day(helped)), "caption", "ok"))
            elif clock.first_help_due is not None:
                due = self._day(clock.first_help_due.isoformat())
                over = clock.first_help_due < today
                lines.append(Text(t("first_help_due", day=due), "caption", "bad" if over else "ink"))
        elif clock.cleared_on:
            lines.append(Text(t("one_job", day=self._day(clock.cleared_on)), "body", "ok", bold=True))
            if clock.ended is not None:
                ended = self._day(clock.ended.isoformat())
                lines.append(Text(t("job_over", day=ended), "body", "bad", bold=True, wrap=True))
        else:
            lines.append(Text(state.why_no_clock(clock), "caption", "ink_2", wrap=True))
        if clock.job is not None and clock.runs:
            file = one.people.get(clock.job.case_id)
            name = file.text("name") if file is not None else ""
            since = self._day(clock.job.since)
            lines.append(Text(t("job_found", name=name, since=since), "body", "ok", wrap=True))
        lines += [Text(w, "caption", "ink_2", wrap=True) for w in self._rungs(whole.state.of("rung"))]
        for line in one.due:
            if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY):
                continue
            words = state.line_words(line)
            when = t("by_day", day=self._day(line.due.isoformat()))
            tone = "bad" if line.due < today else "ink"
            ways = household_ways.of_line(line, one.people, self._ask_for, self._to_file)
            shown = (Text(f"{words}　{when}", "caption", tone), self._basis(line.basis, one, ways))
            lines.append(flow(*shown, *self._put_off(line), gap=8))
        if self._acts:
            lines.append(flow(*self._clock_buttons(one), gap=8))
        plan = state.plan_words(whole.packs, today)
        if plan:
            lines.append(Text(plan, "caption", "ink_2", wrap=True))
        return self._card("clock", t("clock"), *lines)

    def _put_off(self, line: DueLine) -> list[QWidget]:
        """延期 of one line, and what was said when it was put off before."""
        found: list[QWidget] = []
        if line.postponed:
            said = t("moved", day=self._day(line.original.isoformat()), reason=line.postponed)
            found.append(Text(said, "caption", "ink_3", wrap=True))
        if self._acts:
            found.append(self._button(t("put_off"), "put_off", line.key))
        else:  # in the person's own file: the question opens in the place 家庭
            go = functools.partial(self._ctx.go, "households", line.subject, "put_off", line.key)
            found.append(Button(t("put_off_there"), "link", on_click=go))
        return found

    def _clock_buttons(self, one: HouseholdRow) -> list[QWidget]:
        clock, found = one.clock, list[QWidget]()
        if clock.runs and clock.job is not None:
            found.append(self._button(t("clear"), "clear", kind="primary"))
        if clock.first_help_due is not None:
            found.append(self._button(t("first_help"), "first_help", kind="quiet"))
        if clock.runs and (clock.rung is None or clock.rung.up):
            up = clock.rung.up if clock.rung is not None else "community"
            found.append(self._button(t("hand_up", level=state.level_words(up)), "hand_up", kind="quiet"))
        if clock.ended is not None:
            found.append(self._button(t("reverify"), "reverify", kind="primary"))
        return found

    def _rungs(self, rungs: list[RecordState]) -> list[str]:
        ordered = sorted(rungs, key=lambda r: (r.text("since"), r.id))
        return [
            t(
                "rung_line",
                level=state.level_words(r.text("level")),
                holder=r.text("holder") or t("none"),
                since=self._day(r.text("since")),
                until=self._day(r.text("until")) or t("now"),
            )
            for r in ordered
        ]

    def _checks(self, whole: HouseholdWhole) -> QWidget:
        words = Words(self._ctx.desk.today, {s.id: s.name for s in whole.staff})
        lines: list[Item] = []
        for record in sorted(whole.state.of("verification"), key=lambda r: (r.text("looked_on"), r.id)):
            parts = [
                words.value("verification", n, record.get(n))
                for n in ("looked_on", "kind", "system", "result", "finding", "staff", "by_whom")
            ]
            lines.append(Text("　".join(p for p in parts if p), "caption", wrap=True, selectable=True))
        entry = whole.packs.on("households.checks", self._ctx.desk.today)
        wanted = entry.data.get("kinds") if entry is not None else None
        looked = {r.text("kind") for r in whole.state.of("verification") if r.text("result")}
        lacking = (
            [code_lists.table("verification_kind").name_of(str(k)) for k in wanted if k not in looked]
            if isinstance(wanted, tuple)
            else []
        )
        if lacking:
            lines.append(flow(BlankChip(t("checks_lack", kinds=t("comma").join(lacking)))))
        if not lines:
            lines.append(Text(t("no_checks"), "caption", "ink_2"))
        add = self._button(t("add_check"), "look_up", icon="plus")
        return self._card("checks", record_name("verification"), *lines, corner=add)

    def _conflicts(self, whole: HouseholdWhole) -> list[QWidget]:
        found: list[QWidget] = []
        subject = Subject("household", whole.row.id)
        words = Words(self._ctx.desk.today, {s.id: s.name for s in whole.staff})
        for record in whole.state:
            for name in record.conflicts:
                box = ConflictBox(self._ctx)
                box.show_conflict(subject, (record.kind, record.id), name, record.fields[name], words)
                found.append(box)
        return found

    # ---- small

    def _basis(
        self, basis: Basis, one: HouseholdRow, ways: Ways | None = None, member: MemberStanding | None = None
    ) -> Button:
        """查看依据 of the verdict, of a line or of a member, with the ways to what it stands on."""
        link = Button(text("basis.link"), "link")
        link.clicked.connect(lambda _c=False: self._show_basis(link, basis, one, ways, member))
        return link

    def _show_basis(
        self, link: Button, basis: Basis, one: HouseholdRow, ways: Ways | None, member: MemberStanding | None
    ) -> None:
        def named(seen: Seen) -> str:
            return one.name(seen.id) if seen.kind == "member" else ""

        def open_member(record: str) -> None:
            found = next(m for m in one.standing.members if m.record.id == record)
            self._show_basis(link, found.labour.basis(), one, (), found)

        go, who = None, state.title(one)
        if member is not None:
            go = household_ways.of_member(member, self._ask_for, self._to_file)
            who = one.name(member.record.id)
        elif ways is None:
            ways = household_ways.of_verdict(one.standing, one.name, open_member, self._ask_for)
        show_basis(link, basis_view.shown(basis, self._day, named, go, who, ways=ways or ()))

    def _to_file(self, case_id: str, part: str, detail: str) -> None:
        self._ctx.go("ledger", case_id, part, detail)

    def _ask_for(self, what: str, record: str) -> None:
        """A correction; in the person's own file it opens in the place 家庭."""
        if self._acts:
            self.asked.emit((what, record))
        elif self.whole is not None:
            self._ctx.go("households", self.whole.row.id, what, record)

    def _day(self, iso: str) -> str:
        return state.day_words(iso, self._ctx.desk.today) if iso else ""

    def _iso(self) -> str:
        return self._ctx.desk.today.isoformat()


def _in_words(figure: Figure) -> str:
    away = t("elsewhere") if figure.lives_here is False else ""
    return " ".join(p for p in (figure.name, figure.relation_words, figure.work_words, away) if p)


def short_state(member: MemberStanding) -> str:
    """A word for the drawing."""
    if member.works:
        return t("works")
    if member.why == "counted":
        return t("unemployed")
    return t(f"short_{member.why}")


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
