"""A household in words: who, what the rule says, who works, who holds it. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.facts import Rec
from jobdesk.cases.household_clock import HouseholdClock
from jobdesk.cases.household_name import head_name
from jobdesk.cases.households import MemberStanding
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.host import code_lists
from jobdesk.host.fact_words import fact_name
from jobdesk.host.strings import text
from jobdesk.services.household.naming import called
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole
from jobdesk.services.moving.reading import OpenMove
from jobdesk.ui.case_words import Words
from jobdesk.ui.case_words import day as day_words
from jobdesk.ui.kit.chips import ChipLook
from jobdesk.ui.serviceform.state import what_of
from jobdesk.ui.table.cells import CellTone

CLAIM = frozenset({"applied", "accepted", "supplement", "checked", "publicity", "reported", "appealed"})
DUTY_KINDS = frozenset({"allowance", "other_hardship"})


def t(key: str, /, **params: object) -> str:
    """A sentence of this screen."""
    return text(f"households.{key}", **params)


def words_of(whole: HouseholdWhole, today: date) -> Words:
    """The names behind the ids in a household."""
    return Words(today, {s.id: s.name for s in whole.staff}, clerks=whole.clerks)


def title(row: HouseholdRow) -> str:
    """钱一户; see ``head_name`` for where no head is written down."""
    names = {case_id: file.text("name") for case_id, file in row.people.items()}
    return called(head_name(row.facts.text("head_name"), row.facts.of("member"), names))


def kind_words(row: HouseholdRow, *, in_list: bool = False) -> str:
    """The kind; in a list 低保 and other sensitive kinds are said as 困难家庭 only."""
    kind = row.facts.text("kind")
    if not kind:
        return ""
    table = code_lists.table("household_kind")
    if in_list and kind in DUTY_KINDS:
        return t("kind_hardship")
    return table.name_of(kind)


def state_words(row: HouseholdRow) -> str:
    """State of the recognition, for kinds that have one."""
    if row.facts.text("kind") in DUTY_KINDS:
        return t("filed") if row.facts.text("filed_on") else t("not_filed")
    state = row.facts.text("state") or "found"
    return code_lists.table("household_state").name_of(state)


def state_look(row: HouseholdRow) -> ChipLook:
    match row.facts.text("state"):
        case "recognised" | "review":
            return "ok"
        case "refused" | "exited":
            return "plain"
        case state if state in CLAIM:
            return "accent"
        case _:
            return "outline"


def verdict_words(row: HouseholdRow) -> tuple[str, ChipLook]:
    """What the rule says, never that it is recognised; 可申请认定 only while an application can be made."""
    outcome, stands = row.standing.verdict.outcome, row.facts.text("state")
    looks: Mapping[Outcome, ChipLook] = {
        Outcome.MET: "warn",
        Outcome.NOT_MET: "plain",
        Outcome.UNKNOWN: "warn",
    }
    if outcome is Outcome.MET and stands in ("recognised", "review"):
        return t("verdict_met_still"), "plain"
    if outcome is Outcome.MET and (stands in CLAIM or row.facts.text("kind") in DUTY_KINDS):
        return t("verdict_met_only"), "plain"
    return t(f"verdict_{outcome.value}"), looks[outcome]


def work_words(row: HouseholdRow) -> str:
    """劳动力 2 就业 0."""
    return t("work", labour=row.standing.labour, working=row.standing.working)


def level_words(level: str) -> str:
    return code_lists.table("ladder").name_of(level) if level else ""


def rung_words(row: HouseholdRow, today: date) -> str:
    """Who holds it since when."""
    rung = row.clock.rung
    if rung is None:
        return ""
    since = day_words(rung.since, today) if rung.since else ""
    return t("rung", level=level_words(rung.level), holder=rung.holder, since=since)


def line_words(line: DueLine) -> str:
    """What a line of a household asks for."""
    if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY):
        return text(f"claim.act.{dict(line.params).get('act')}")
    return what_of(line)


def deadline_words(clock: HouseholdClock, today: date) -> tuple[str, CellTone]:
    """The deadline with days left and its tone; empty while no clock runs."""
    if clock.deadline is None:
        return "", "ink_2"
    left = (clock.deadline - today).days
    said = day_words(clock.deadline.isoformat(), today)
    if left < 0:
        return t("deadline_over", day=said, days=-left), "bad"
    return t("deadline_left", day=said, days=left), "warn" if left <= 10 else "ink"


def why_no_clock(clock: HouseholdClock) -> str:
    """Why no clock runs, as a sentence."""
    return t(f"clock_{clock.why_not}") if clock.why_not else ""


def member_words(row: HouseholdRow, member: MemberStanding) -> str:
    """Relation, age, what is known of work, the last day of who leaves, where somebody is asked to go.
    Custody is not said as a reason.
    """
    relation, until = member.record.text("relation"), member.record.text("until")
    named = code_lists.table("relation").name_of(relation) if relation else ""
    last = t("until_day", day=day_words(until, row.standing.day)) if until else ""
    said = (named, age_words(member), work_state(member), last, _going_words(row.going.get(member.case_id)))
    return text("casefile.dot").join(p for p in said if p)


def _going_words(move: OpenMove | None) -> str:
    if move is None:
        return ""
    return t("member_asked" if move.ours else "member_wanted", station=move.station)


def line_of_member(record: Rec, today: date) -> str:
    """A member's line in short: relation and days."""
    relation = record.text("relation")
    named = code_lists.table("relation").name_of(relation) if relation else t("none")
    since, until = (day_words(d, today) if (d := record.text(n)) else "" for n in ("since", "until"))
    said = (named, t("from_day", day=since) if since else "", t("until_day", day=until) if until else "")
    return text("casefile.semicolon").join(p for p in said if p)


def age_words(member: MemberStanding) -> str:
    """41岁; 40—41岁 where only the year of birth is known."""
    shown = next((f.shown for f in member.labour.facts if f.name == "member_age"), "")
    low, _, high = shown.partition("..")
    if not low:
        return ""
    return t("age_between", low=low, high=high) if high else t("age", age=low)


def work_state(member: MemberStanding) -> str:
    """就业, 失业, or why the member is no labour force."""
    if member.works:
        return t("works")
    if member.why == "counted":
        return t("unemployed") if member.work.outcome is Outcome.NOT_MET else t("work_unknown")
    return text(f"why.{member.why}")


def look_of(member: MemberStanding) -> str:
    """How the drawing shows a member: ``works``, ``unemployed``, ``outside``, ``unknown``."""
    if member.works:
        return "works"
    if member.is_labour:
        return "unemployed" if member.work.outcome is Outcome.NOT_MET else "unknown"
    if member.why in ("member_unknown", "relation_unknown"):
        return "unknown"
    return "outside"


def missing_words(row: HouseholdRow) -> list[tuple[str, list[str]]]:
    """(member's name or empty, what is missing of them), nothing named twice."""
    found: dict[str, list[str]] = {}
    for member, name in row.standing.missing:
        said, words = found.setdefault(row.name(member) if member else "", []), fact_words(name)
        if words not in said:
            said.append(words)
    return list(found.items())


_BY_STATE = frozenset(
    {"member_pension", "member_studying", "member_serving", "member_in_custody", "member_at_work"}
)
"""Facts that the one field 就业状况 of a member without a file answers."""


def fact_words(name: str) -> str:
    """The field or fact to be filled in."""
    if name in _BY_STATE:
        return text("field.member.state")
    if schema.field("member", name) is not None:
        return text(f"field.member.{name}")
    return fact_name(name).removeprefix(t("member"))


def lacking(member: MemberStanding) -> list[str]:
    """What is missing of one member."""
    return list(dict.fromkeys(fact_words(n) for n in member.missing))


def plan_words(packs: PackSet, today: date) -> str:
    """The 100 % of the plan to 2020 with its period, and the standing duty."""
    duty, plan = packs.on("households.duty", today), packs.on("households.plan_2020", today)
    parts: list[str] = []
    if duty is not None:
        parts.append(t("duty", sentence=duty.sentence, document=duty.source.document, clause="（十七）"))
    if plan is not None:
        parts.append(
            t("plan", sentence=plan.sentence, document=plan.source.document, status=text("app.lapsed"))
        )
    return "".join(parts)
