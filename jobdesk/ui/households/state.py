"""What 家庭 shows: filters, rows, the words of a household. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.due import Bucket, DueKind, DueLine
from jobdesk.cases.household_clock import HouseholdClock
from jobdesk.cases.household_rates import HouseholdRate
from jobdesk.cases.households import MemberStanding
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.host import code_lists
from jobdesk.host.fact_words import fact_name
from jobdesk.host.strings import text
from jobdesk.services.household_list import HouseholdRow, Households
from jobdesk.ui.casefile.words import day as day_words
from jobdesk.ui.kit.chips import ChipLook
from jobdesk.ui.serviceform.state import what_of
from jobdesk.ui.table.cells import Cell, CellTone, Column, Row

FILTERS = ("all", "may_apply", "claim", "running", "overdue", "reverify", "one_job", "hardship")
_CLAIM = frozenset({"applied", "accepted", "supplement", "checked", "publicity", "reported", "appealed"})
_DUTY_KINDS = frozenset({"allowance", "other_hardship"})


def t(key: str, /, **params: object) -> str:
    """A sentence of this screen."""
    return text(f"households.{key}", **params)


def columns() -> tuple[Column, ...]:
    """Those of the list; narrow windows drop the last first."""

    def one(key: str, width: int, priority: int, *, stretch: int = 0) -> Column:
        return Column(key, t(f"column_{key}"), width, stretch=stretch, priority=priority, sortable=False)

    return (
        one("name", 130, 0, stretch=2), one("state", 92, 0), one("next", 200, 0, stretch=3),
        one("work", 124, 1), one("rung", 116, 1), one("deadline", 108, 2), one("kind", 104, 3),
        one("community", 110, 4, stretch=1),
    )  # fmt: skip


# ---- words


def title(row: HouseholdRow) -> str:
    """钱一户; the first member's name where no head is written down."""
    name = row.facts.text("head_name") or next(
        (n for m in row.standing.members if (n := row.name(m.record.id))), ""
    )
    return t("of", name=name) if name else t("unnamed")


def kind_words(row: HouseholdRow, *, in_list: bool = False) -> str:
    """The kind; in a list 低保 and other sensitive kinds are said as 困难家庭 only."""
    kind = row.facts.text("kind")
    if not kind:
        return ""
    table = code_lists.table("household_kind")
    if in_list and kind in _DUTY_KINDS:
        return t("kind_hardship")
    return table.name_of(kind)


def state_words(row: HouseholdRow) -> str:
    """State of the recognition, for kinds that have one."""
    if row.facts.text("kind") in _DUTY_KINDS:
        return t("filed") if row.facts.text("filed_on") else t("not_filed")
    state = row.facts.text("state") or "found"
    return code_lists.table("household_state").name_of(state)


def state_look(row: HouseholdRow) -> ChipLook:
    match row.facts.text("state"):
        case "recognised" | "review":
            return "ok"
        case "refused" | "exited":
            return "plain"
        case state if state in _CLAIM:
            return "accent"
        case _:
            return "outline"


def verdict_words(outcome: Outcome) -> tuple[str, ChipLook]:
    """What the rule says, never that it is recognised."""
    looks: Mapping[Outcome, ChipLook] = {
        Outcome.MET: "warn",
        Outcome.NOT_MET: "plain",
        Outcome.UNKNOWN: "warn",
    }
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


def next_words(row: HouseholdRow, today: date) -> tuple[str, CellTone]:
    """The most urgent line and its tone: ``bad`` overdue, ``warn`` today."""
    if not row.due:
        return "", "ink_2"
    line = row.due[0]
    tone: CellTone = (
        "bad" if line.bucket is Bucket.OVERDUE else "warn" if line.bucket is Bucket.TODAY else "ink"
    )
    said = line_words(line)
    when = t("by_day", day=day_words(line.due.isoformat(), today))
    return t("next", what=said, when=when), tone


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


def choice_words(clock: HouseholdClock) -> str:
    """By which way the deadline was counted, and how sure that is."""
    rule = clock.deadline_rule
    return "" if rule is None else rule.sentence


def member_words(row: HouseholdRow, member: MemberStanding) -> str:
    """Relation, age, what is known of work; why somebody in custody does not count is not said."""
    relation = member.record.text("relation")
    named = code_lists.table("relation").name_of(relation) if relation else ""
    return text("casefile.dot").join(p for p in (named, age_words(member), work_state(member)) if p)


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


# ---- the list


def fits(row: HouseholdRow, wanted: str) -> bool:
    """Whether a household belongs to a filter."""
    facts, clock = row.facts, row.clock
    kinds = {line.kind.value for line in row.due}
    match wanted:
        case "may_apply":
            return "may_apply" in kinds
        case "claim":
            return facts.text("state") in _CLAIM
        case "running":
            return clock.runs
        case "overdue":
            return any(line.bucket is Bucket.OVERDUE for line in row.due)
        case "reverify":
            return clock.ended is not None
        case "one_job":
            return bool(clock.cleared_on) and clock.ended is None
        case "hardship":
            return facts.text("kind") in _DUTY_KINDS
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list holds now. ``only``: ids behind a number that was opened, None for all."""

    wanted: str = "all"
    words: str = ""
    only: frozenset[str] | None = None


def shown(rows: Sequence[HouseholdRow], by: Shown) -> list[HouseholdRow]:
    return [
        r for r in rows
        if fits(r, by.wanted) and matches(r, by.words) and (by.only is None or r.id in by.only)
    ]  # fmt: skip


def matches(row: HouseholdRow, words: str) -> bool:
    """Whether every word stands in names, address or community."""
    parts = [row.facts.text(n) for n in ("head_name", "address", "community", "filing_no")]
    parts += [row.name(m.record.id) for m in row.standing.members]
    whole = " ".join(parts).casefold()
    return all(w in whole for w in words.casefold().split())


def counts(rows: Sequence[HouseholdRow]) -> dict[str, int]:
    return {name: sum(fits(r, name) for r in rows) for name in FILTERS}


def row_of(row: HouseholdRow, today: date) -> Row:
    """A household as cells."""
    said, tone = next_words(row, today)
    deadline, late = deadline_words(row.clock, today)
    rung = row.clock.rung
    cells = {
        "name": Cell(title(row), "strong"),
        "kind": Cell(kind_words(row, in_list=True)) if row.facts.text("kind") else Cell(kind="none"),
        "state": Cell(state_words(row), tone=_TONES[state_look(row)]),
        "next": Cell(said, tone=tone) if said else Cell(_quiet(row), "muted"),
        "work": Cell(work_words(row)),
        "rung": Cell(level_words(rung.level), tip=rung_words(row, today)) if rung else Cell(kind="none"),
        "deadline": (
            Cell(_day_of(row.clock, today), tone=late, tip=deadline) if deadline else Cell(kind="none")
        ),
        "community": Cell(row.facts.text("community")) if row.facts.text("community") else Cell(kind="none"),
    }  # fmt: skip
    return Row(row.id, cells)


_TONES: Mapping[str, CellTone] = {"ok": "ok", "accent": "accent", "plain": "ink_2", "outline": "ink"}


def _day_of(clock: HouseholdClock, today: date) -> str:
    return day_words(clock.deadline.isoformat(), today) if clock.deadline is not None else ""


def _quiet(row: HouseholdRow) -> str:
    return t("quiet_one_job") if row.clock.cleared_on else t("quiet")


# ---- rates


def rate_words(rate: HouseholdRate) -> tuple[str, str, str]:
    """Name, number and note of a rate: 已实现1人就业 of all, with the helped."""
    total, done, helped = len(rate.all), len(rate.one_job), len(rate.helped)
    note = t("rate_note", helped=helped, total=total)
    percent = t("percent", number=round(100 * done / total)) if total else t("no_rate")
    return t(f"rate_{rate.sort}", done=done, total=total), percent, note


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


def ids_behind(found: Households, sort: str, number: str) -> frozenset[str]:
    """Households behind a number of a rate: ``all``, ``one_job``, ``helped``, ``overdue``."""
    rate = next(r for r in found.rates if r.sort == sort)
    return frozenset(getattr(rate, number))
