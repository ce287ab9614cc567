"""The way of an application, of a person (困难认定) or a household (零就业家庭): one act after the other.

申请 → 受理 (or 补正, one list, once) → 初审 on a 核对记录 → 公示 where the pack asks → 报县级 → 县级认定 or
不予认定 → 告知 → 复核 on request → 退出认定. The station only transcribes what the county decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobdesk.cases.facts import Values
from jobdesk.cases.ops import Json
from jobdesk.cases.problem import Problem, block, hint
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.working_days import WorkingDays


class Act(StrEnum):
    """What can be done with an application; ``claim.<act>`` in the strings, in order."""

    APPLY = "apply"
    ACCEPT = "accept"
    SUPPLEMENT = "supplement"
    """一次性补正告知: one list, once."""
    SUPPLEMENTED = "supplemented"
    CHECK = "check"
    """初审 by the station, on its 核对记录."""
    PUBLISH = "publish"
    EVIDENCE = "evidence"
    """公示留证."""
    TAKE_DOWN = "take_down"
    REPORT = "report"
    RECOGNISE = "recognise"
    """What the county decided, transcribed."""
    REFUSE = "refuse"
    NOTIFY = "notify"
    APPEAL = "appeal"
    REVIEW = "review"
    """The county's answer to an appeal."""
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an act.

    Attributes:
        day: field that holds the day of the act.
        state: state it leads to; empty when the state stays.
        needed, more: fields that must and that may be filled, the day not among them.
    """

    day: str
    state: str = ""
    needed: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.day, *self.needed, *self.more)


FORMS: Mapping[Act, Form] = {
    Act.APPLY: Form("applied_on", "applied"),
    Act.ACCEPT: Form("accepted_on", "accepted", ("receipt_no",), ("accepted_by",)),
    Act.SUPPLEMENT: Form("supplement_on", "supplement", ("supplement_list",)),
    Act.SUPPLEMENTED: Form("supplemented_on", "accepted"),
    Act.CHECK: Form("station_checked_on", "checked", ("station_opinion",), ("station_checked_by",)),
    Act.PUBLISH: Form("publicity_from", "publicity", ("publicity_until",)),
    Act.EVIDENCE: Form("publicity_evidence_on"),
    Act.TAKE_DOWN: Form("publicity_down_on", "", (), ("objection",)),
    Act.REPORT: Form("reported_on", "reported"),
    Act.RECOGNISE: Form("decided_on", "recognised", ("decided_by", "decision_no")),
    Act.REFUSE: Form("decided_on", "refused", ("decided_by", "refusal_reason", "remedy"), ("decision_no",)),
    Act.NOTIFY: Form("notified_on"),
    Act.APPEAL: Form("appealed_on", "review"),
    Act.REVIEW: Form("reviewed_on", "", ("review_result",), ("decision_no",)),
    Act.EXIT: Form("exited_on", "exited", ("exit_reason",)),
}
STARTS = frozenset({"", "found", "ledger"})
"""States from which somebody may apply: nothing yet, 已摸排, or what a sheet says (未核对)."""
_FREE = frozenset({*STARTS, "refused", "exited"})


@dataclass(frozen=True, slots=True)
class Way:
    """How applications of one kind go on a day, by the packs.

    Attributes:
        prefix: of the keys: ``households`` or that of the persons' subject.
        publicity: working days of the 公示; None where no pack asks for one.
        checks: kinds of 核对 that must stand beneath the 初审.
    """

    prefix: str
    packs: PackSet
    day: date
    publicity: Entry | None
    checks: tuple[str, ...]

    def days(self, name: str) -> Entry | None:
        """The figure for an act's term, or None."""
        return self.packs.figure(f"{self.prefix}.claim.{name}_days", self.day)


def way_of(packs: PackSet, prefix: str, day: date) -> Way:
    """``PREFIX.publicity.days`` is a figure, ``PREFIX.checks`` a list with ``kinds``."""
    listed = packs.on(f"{prefix}.checks", day)
    kinds = listed.data.get("kinds") if listed is not None else None
    named = tuple(str(k) for k in kinds) if isinstance(kinds, tuple) else ()
    return Way(prefix, packs, day, packs.figure(f"{prefix}.publicity.days", day), named)


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def open_acts(values: Values, way: Way) -> tuple[Act, ...]:
    """What may be done next, the usual one first."""
    state = _text(values, "state")
    if state in _FREE:
        # an appeal belongs to a refusal; a new application may always be made
        if state == "refused":
            rest = (Act.NOTIFY,) if not _text(values, "notified_on") else ()
            return (*rest, Act.APPEAL, Act.APPLY)
        return (Act.APPLY,)
    once = () if _text(values, "supplement_on") else (Act.SUPPLEMENT,)
    match state:
        case "applied":
            return (Act.ACCEPT, *once)
        case "supplement":
            return (Act.SUPPLEMENTED,)
        case "accepted":
            return (Act.CHECK, *once)
        case "checked":
            return (Act.PUBLISH,) if way.publicity is not None else (Act.REPORT,)
        case "publicity":
            return (*_publicity_acts(values), Act.REPORT)
        case "reported":
            return (Act.RECOGNISE, Act.REFUSE)
        case "review":
            return (Act.REVIEW,)
        case "recognised":
            rest = (Act.NOTIFY,) if not _text(values, "notified_on") else ()
            return (*rest, Act.EXIT)
        case _:
            return ()


def _publicity_acts(values: Values) -> tuple[Act, ...]:
    found: list[Act] = []
    if not _text(values, "publicity_evidence_on"):
        found.append(Act.EVIDENCE)
    if not _text(values, "publicity_down_on"):
        found.append(Act.TAKE_DOWN)
    return tuple(found)


def problems(
    act: Act, values: Values, given: Values, way: Way, days: WorkingDays, today: date,
    looked: Collection[str] = (),
) -> list[Problem]:  # fmt: skip
    """What keeps an act from being written down as typed.

    Args:
        values: the application as it stands; ``given`` the form.
        looked: kinds of 核对 that have a record with a result.
    """
    form = FORMS[act]
    found = [block("claim_needs", n) for n in form.needed if not _filled(given, n)]
    day = _day(given, form.day)
    if day is None:
        found.append(block("claim_needs_day", form.day))
    elif day > today and act is not Act.PUBLISH:
        found.append(block("date_in_future", form.day))
    before = _last_day(act, values)
    if day is not None and before is not None and day < before:
        found.append(block("claim_before_last", form.day, last=before.isoformat()))
    if act is Act.CHECK:
        found += [block("claim_check_missing", "station_opinion", kind=k)
                  for k in way.checks if k not in looked]  # fmt: skip
    if act is Act.PUBLISH and day is not None:
        found += _publicity(way, day, _day(given, "publicity_until"), days)
    if act is Act.REPORT and way.publicity is not None:
        until = _day(values, "publicity_until")
        if day is not None and until is not None and day <= until:
            found.append(block("claim_publicity_runs", form.day, until=until.isoformat()))
        if not _text(values, "publicity_evidence_on"):
            found.append(hint("claim_no_evidence", form.day))
    return found


def _publicity(way: Way, day: date, until: date | None, days: WorkingDays) -> list[Problem]:
    if until is None or way.publicity is None or way.publicity.value is None:
        return []
    least = publicity_end(way, day, days)
    if until < least:
        short, last = way.publicity.value, least.isoformat()
        return [block("claim_publicity_short", "publicity_until", days=short, until=last)]
    return []


def publicity_end(way: Way, day: date, days: WorkingDays) -> date:
    """The last day of a 公示 that begins on ``day``; the day after it was put up is the first counted."""
    count = way.publicity.value if way.publicity is not None and way.publicity.value else 0
    return days.add(day, count)


def _filled(values: Values, name: str) -> bool:
    value = values.get(name)
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _day(values: Values, name: str) -> date | None:
    try:
        return date.fromisoformat(_text(values, name))
    except ValueError:
        return None


_BEFORE: Mapping[Act, tuple[str, ...]] = {
    Act.ACCEPT: ("applied_on",),
    Act.SUPPLEMENT: ("applied_on",),
    Act.SUPPLEMENTED: ("supplement_on",),
    Act.CHECK: ("accepted_on", "supplemented_on"),
    Act.PUBLISH: ("station_checked_on",),
    Act.EVIDENCE: ("publicity_from",),
    Act.TAKE_DOWN: ("publicity_from",),
    Act.REPORT: ("station_checked_on",),
    Act.RECOGNISE: ("reported_on",),
    Act.REFUSE: ("reported_on",),
    Act.NOTIFY: ("decided_on",),
    Act.APPEAL: ("decided_on",),
    Act.REVIEW: ("appealed_on",),
    Act.EXIT: ("decided_on",),
}


def _last_day(act: Act, values: Values) -> date | None:
    return max(filter(None, (_day(values, n) for n in _BEFORE.get(act, ()))), default=None)


_LATER = """accepted_on accepted_by receipt_no supplement_on supplement_list supplemented_on station_checked_on 
station_checked_by station_opinion publicity_from publicity_until publicity_evidence_on 
publicity_down_on objection reported_on decided_on decided_by decision_no refusal_reason remedy 
notified_on appealed_on reviewed_on review_result exited_on exit_reason""".split()  # noqa: SIM905


def written(act: Act, given: Values, *, upheld: bool = False) -> dict[str, Json]:
    """The fields that an act writes, the new state among them. A new application blanks the last one's.

    Args:
        upheld: of ``REVIEW``: the county stays with its refusal.
    """
    form = FORMS[act]
    out: dict[str, Json] = {n: given.get(n) for n in form.fields if n in given}
    if act is Act.APPLY:
        out.update(dict.fromkeys(_LATER))
    if form.state:
        out["state"] = form.state
    elif act is Act.REVIEW:
        out["state"] = "refused" if upheld else "recognised"
    return out


# ---- what the stepper shows


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the drawing; ``claim_stage.<name>`` in the strings. ``day`` is empty until it is done."""

    name: str
    day: str
    done: bool
    now: bool = False


def stages(values: Values, way: Way) -> list[Stage]:
    """申请, 受理, 初审, 公示 (where asked), 报送, 县级认定 (or 不予认定)."""
    names = [("apply", "applied_on"), ("accept", "accepted_on"), ("check", "station_checked_on")]
    if way.publicity is not None:
        names.append(("publicity", "publicity_until"))
    names += [("report", "reported_on"), ("decide", "decided_on")]
    found: list[Stage] = []
    for name, field in names:
        day = _text(values, field)
        done = bool(day) and (name != "publicity" or day < way.day.isoformat())
        found.append(Stage(name, day, done))
    first = next((n for n, s in enumerate(found) if not s.done), None)
    if first is not None and _text(values, "state") not in _FREE:
        found[first] = Stage(found[first].name, found[first].day, False, True)
    return found


# ---- what is awaited, by when


@dataclass(frozen=True, slots=True)
class Awaited:
    """The next act and the day by which it is due.

    Attributes:
        publicity: it belongs to the 公示 (张贴, 留证, 撤下).
        since: ISO day from which the term runs.
        figure: where the term stands; None when the day was typed (end of the 公示).
    """

    act: Act
    due: date
    since: str
    figure: Entry | None
    publicity: bool = False


_TERMS: Mapping[str, tuple[Act, str, str]] = {
    "applied": (Act.ACCEPT, "applied_on", "accept"),
    "supplement": (Act.SUPPLEMENTED, "supplement_on", "supplement"),
    "accepted": (Act.CHECK, "accepted_on", "check"),
    "reported": (Act.RECOGNISE, "reported_on", "decide"),
    "review": (Act.REVIEW, "appealed_on", "decide"),
    "recognised": (Act.NOTIFY, "decided_on", "notify"),
    "refused": (Act.NOTIFY, "decided_on", "notify"),
}


def awaited(values: Values, way: Way, days: WorkingDays) -> list[Awaited]:
    """What comes next, with its day. Empty where nothing is under way or a date is missing."""
    state = _text(values, "state")
    if state == "checked":
        act, name = (Act.PUBLISH, "publish") if way.publicity is not None else (Act.REPORT, "report")
        return _term(values, way, days, act, "station_checked_on", name, act is Act.PUBLISH)
    if state == "publicity":
        return _while_public(values, way, days)
    term = _TERMS.get(state)
    if term is None or (term[0] is Act.NOTIFY and _text(values, "notified_on")):
        return []
    start = "supplemented_on" if state == "accepted" and _text(values, "supplemented_on") else term[1]
    return _term(values, way, days, term[0], start, term[2])


def _while_public(values: Values, way: Way, days: WorkingDays) -> list[Awaited]:
    first, until = _day(values, "publicity_from"), _day(values, "publicity_until")
    found: list[Awaited] = []
    if first is not None and not _text(values, "publicity_evidence_on"):
        found.append(Awaited(Act.EVIDENCE, first, first.isoformat(), None, True))
    if until is not None:
        down = days.add(until, 1)
        if not _text(values, "publicity_down_on"):
            found.append(Awaited(Act.TAKE_DOWN, down, until.isoformat(), None, True))
        found += _term(values, way, days, Act.REPORT, "publicity_until", "report")
    return found


def _term(
    values: Values, way: Way, days: WorkingDays, act: Act, start: str, name: str, publicity: bool = False
) -> list[Awaited]:
    first, figure = _day(values, start), way.days(name)
    if first is None or figure is None or figure.value is None:
        return []
    return [Awaited(act, days.add(first, figure.value), first.isoformat(), figure, publicity)]
