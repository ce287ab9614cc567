"""What the form of a service shows and what it makes of what was typed. Pure: no Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, cast

from jobdesk.cases.clock import Stamp
from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.due import CONTACT_KINDS, DueKind, DueLine
from jobdesk.cases.figures import Figures, add_months
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.state import FieldState, Head, RecordKey, RecordState, SubjectState
from jobdesk.cases.templates import ServiceTemplate
from jobdesk.cases.working_days import WorkingDays
from jobdesk.host import assets, code_lists, template_files
from jobdesk.host.code_lists import SERVICE_TYPES
from jobdesk.host.strings import has, text

POSTS = "GWTJ"
"""Service type that picks from the short list of posts."""
TELLING = "ZCXJ"
FOLLOW_UP = "HF"
_MONTH_DAY = re.compile(r"(\d{1,2})[.\-/月](\d{1,2})[日号]?")
_CONTACT_FIELDS = ("next_contact", "next_contact_reason", "notice_on")
QUICK = ("week", "fortnight", "month")
"""Quick picks for the next contact; ``service.quick_<name>``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a service type offers."""

    code: str
    channels: tuple[str, ...]
    outcomes: tuple[str, ...]
    step: bool


def rules() -> dict[str, Rule]:
    """By code, in the order of the file."""
    raw = cast("list[dict[str, Any]]", assets.toml(SERVICE_TYPES)["type"])
    return {
        t["code"]: Rule(t["code"], tuple(t["channels"]), tuple(t["outcomes"]), bool(t.get("step")))
        for t in raw
    }


def outcome_facts() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Outcome → (engagement it means, channels on which it can happen)."""
    raw = cast("list[dict[str, Any]]", assets.toml(SERVICE_TYPES)["outcome"])
    return {o["code"]: (o["engagement"], tuple(o["channels"])) for o in raw}


def channels_of(kind: str) -> tuple[str, ...]:
    """Channels offered for a type; all of them while none is chosen."""
    rule = rules().get(kind)
    return rule.channels if rule else tuple(e.code for e in code_lists.table("channel").entries)


def outcomes_of(kind: str, channel: str) -> tuple[str, ...]:
    """Outcomes offered for a type on a channel, in the order of the type."""
    rule, facts = rules().get(kind), outcome_facts()
    if rule is None:
        return ()
    return tuple(o for o in rule.outcomes if not channel or channel in facts[o][1])


def engagement_of(outcome: str) -> str:
    """What an outcome says about 提供／参加／完成／本人未接受; empty for a mere contact."""
    return outcome_facts().get(outcome, ("", ()))[0]


def type_by_key(pressed: str, shown: Sequence[str]) -> str:
    """The type a key on the keyboard means: its number in the list, or a letter only one code begins with."""
    if pressed.isdecimal():
        at = int(pressed) - 1
        return shown[at] if 0 <= at < len(shown) else ""
    fitting = [code for code in shown if code.startswith(pressed.upper())]
    return fitting[0] if len(fitting) == 1 else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything that was typed.

    Attributes:
        values: fields of the service record, blanks left out or None.
        next_on, next_reason: the next contact.
        notice: the notice was given on this occasion.
        finish: the measure or promise of the line is done with it.
        people: the first is whose form it is.
    """

    values: Mapping[str, Json]
    next_on: str = ""
    next_reason: str = ""
    notice: bool = False
    finish: bool = False
    people: tuple[str, ...] = ()

    @property
    def is_attempt(self) -> bool:
        """未接通, 群发: an attempt, not a service."""
        return sort_of(self.values, template_files.service_rules())[0] is Sort.ATTEMPT


def values_of(typed: Mapping[str, Json], people: int, event: str) -> dict[str, Json]:
    """The record's values: engagement from the outcome, several people as one event."""
    out: dict[str, Json] = {k: v for k, v in typed.items() if v not in (None, "", [])}
    outcome = out.get("outcome")
    engagement = engagement_of(outcome) if isinstance(outcome, str) else ""
    if engagement:
        out["engagement"] = engagement
    if people > 1:
        out["group_event"] = event
    return out


@dataclass(frozen=True, slots=True)
class Preset:
    """What a due line (or a caller) puts into the form.

    Attributes:
        heading: what is being recorded (本次回访, 岗位推荐 2/3).
        finish: sentence of the tick that also finishes the measure or keeps the promise; empty for none.
        settles: the record that the tick changes.
    """

    values: Mapping[str, Json] = field(default_factory=dict[str, Json])
    heading: str = ""
    finish: str = ""
    settles: RecordKey | None = None
    notice: bool = False


def preset_of(line: DueLine | None, preset: Mapping[str, Json], template: ServiceTemplate | None) -> Preset:
    """Type and channel for exactly this line; what the caller gives goes before."""
    if line is None:
        return Preset(dict(preset))
    params = dict(line.params)
    values: dict[str, Json] = {}
    what = str(params.get("step") or what_of(line))
    heading, finish, settles = text("service.heading_line", what=what), "", None
    if line.kind in CONTACT_KINDS:
        values = {"type": FOLLOW_UP, "channel": "phone"}
    elif line.kind is DueKind.STEP:
        values = {"type": step_type(line, template)}
    elif line.kind is DueKind.MEASURE:
        finish, settles = text("service.finish_measure", what=short(str(params.get("what", "")))), (
            "measure", line.record,
        )  # fmt: skip
    elif line.kind is DueKind.PROMISE:
        finish, settles = text("service.finish_promise", what=short(str(params.get("what", "")))), (
            "plan", line.record,
        )  # fmt: skip
    elif line.kind is DueKind.NOTICE:
        values = {"type": "QT"}
    elif line.kind is DueKind.TELL_POLICY:
        codes = str(params.get("policies", "")).split(",")
        values = {"type": TELLING, "policies": list[Json](codes)}
    notice = line.kind is DueKind.NOTICE
    return Preset({**values, **preset}, heading, finish, settles, notice)


def what_of(line: DueLine) -> str:
    """回访, 岗位推荐 2/3 …: what the line asks for."""
    params = dict(line.params)
    if not params.get("part"):
        return text(f"due.{line.kind.value}", **params)
    rungs = {n: code_lists.table("ladder").name_of(str(params[n])) for n in ("level", "up") if params.get(n)}
    key = f"due_part.{line.kind.value}.{params['part']}"
    return text(key if has(key) else f"due.{line.kind.value}", **{**params, **rungs})


def step_type(line: DueLine, template: ServiceTemplate | None) -> str:
    """The service type a step's line asks for: the first of its alternatives."""
    if template is None:
        return ""
    for step in template.steps:
        if step.name == dict(line.params).get("step"):
            return step.types[0]
    return ""


def short(value: str, most: int = 24) -> str:
    """The beginning of a long text."""
    return value if len(value) <= most else value[: most - 1] + "…"


def settled(
    preset: Preset, typed: Typed, case_id: str, served_on: str
) -> dict[str, Mapping[RecordKey, Mapping[str, Json]]]:
    """What the ticks change besides the service itself, by case and record."""
    changes: dict[RecordKey, Mapping[str, Json]] = {}
    if typed.finish and preset.settles is not None:
        kind = preset.settles[0]
        content = typed.values.get("content")
        changes[preset.settles] = (
            {"state": "done", "done_on": served_on, "result": content}
            if kind == "measure"
            else {"promise_done_on": served_on}
        )
    if typed.notice:
        changes["case", case_id] = {"notice_on": served_on}
    return {case_id: changes} if changes else {}


def quick_day(name: str, today: date, days: WorkingDays) -> date:
    """One week, two weeks or a month on, or the first working day after it."""
    day = add_months(today, 1) if name == "month" else today + timedelta(days=7 if name == "week" else 14)
    return days.add(day, 0)


def parse_day(typed: str, today: date, *, ahead: bool) -> date | None:
    """A spelling that means one day. Month and day alone (7.20, 7月20日) mean the nearest such day
    ahead of today, or behind it; the field then shows the whole date.
    """
    reading = read_date(typed)
    if not reading.ranged and not reading.problem and reading.start is not None:
        return reading.start.exact
    match = _MONTH_DAY.fullmatch("".join(typed.split()))
    if match is None:
        return None
    years = (today.year, today.year + 1) if ahead else (today.year, today.year - 1)
    for year in years:
        try:
            day = date(year, int(match[1]), int(match[2]))
        except ValueError:
            continue
        if (day >= today) if ahead else (day <= today):
            return day
    return None


def show_day(day: date) -> str:
    """The program's spelling of a day."""
    return day.isoformat()


def need_late_reason(served_on: str, today: date, figures: Figures) -> bool:
    """Whether a service is entered so late that the form asks why (自定)."""
    partial = PartialDate.parse(served_on)
    allowed = figures.value("late_entry_days")
    return bool(partial and allowed and (today - partial.last).days > allowed)


# ---- drafts: typed values with the versions the form was loaded with


def draft_body(typed: Typed, states: Mapping[str, SubjectState], line_key: str) -> dict[str, Json]:
    """What is kept while somebody types."""
    return {
        "values": dict(typed.values),
        "next_on": typed.next_on,
        "next_reason": typed.next_reason,
        "notice": typed.notice,
        "finish": typed.finish,
        "people": list[Json](typed.people),
        "line": line_key,
        "known": {i: _known(s.root) for i, s in states.items()},
    }


def _known(root: RecordState) -> dict[str, Json]:
    return {
        n: {"value": root.fields[n].value, "heads": list[Json](h.op_id for h in root.fields[n].heads)}
        for n in _CONTACT_FIELDS
        if n in root.fields
    }


def typed_of(body: Mapping[str, Json]) -> Typed:
    """The other way; what a draft of another version does not hold is blank."""
    values, people = body.get("values"), body.get("people")
    return Typed(
        dict(values) if isinstance(values, dict) else {},
        _text(body.get("next_on")),
        _text(body.get("next_reason")),
        body.get("notice") is True,
        body.get("finish") is True,
        tuple(str(p) for p in people) if isinstance(people, list) else (),
    )


def thaw(body: Mapping[str, Json], now: SubjectState) -> SubjectState:
    """The file as the draft's author knew it: the next contact with the bases of then."""
    known = cast("dict[str, dict[str, dict[str, Any]]]", body.get("known") or {}).get(now.subject.id)
    if known is None or not now.exists:
        return now
    root = now.root
    fields = {n: s for n, s in root.fields.items() if n not in _CONTACT_FIELDS}
    for name, held in known.items():
        heads = tuple(Head(str(o), held.get("value"), Stamp(0, 0, ""), "") for o in held.get("heads") or ())
        fields[name] = FieldState(held.get("value"), heads)
    key = (now.subject.kind, now.subject.id)
    return replace(now, records={**now.records, key: replace(root, fields=fields)})


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
