"""Facts that cannot both be true, or that read as fraud: told beside the field, standing only with a reason.

Each check sees one record beside the rest of its file and says an odd pair from either side, under one
code. Dates of stated precision contradict each other only when no days they can mean would agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from jobdesk.cases.facts import Rec, Values
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.problem import Look, Problem, odd

FLEXIBLE = "social_flexible"
BY_RECOGNITION = frozenset({"social_flexible", "social_unit", "public_post"})
"""Kinds of subsidy that 2015年实施意见（十七） gives to 就业困难人员; a graduate may have them otherwise."""
HARDSHIP_POLICIES = frozenset({"", "social_flexible", "social_unit", "post"})
"""Policies of those kinds that ask for a recognition; those of graduates and of the disabled do not."""


def _date(values: Values, name: str) -> PartialDate | None:
    value = values.get(name)
    return PartialDate.parse(value) if isinstance(value, str) and value else None


def share_a_day(a: Values, b: Values) -> bool:
    """Whether two spells surely have a day in common. A spell without a start has none."""
    a_since, b_since, a_until, b_until = (
        _date(a, "since"), _date(b, "since"), _date(a, "until"), _date(b, "until"),
    )  # fmt: skip
    if a_since is None or b_since is None:
        return False
    start = max(a_since.last, b_since.last)
    return (a_until is None or a_until.first > start) and (b_until is None or b_until.first > start)


def _is_registered(values: Values) -> bool:
    return values.get("registered") is not False


def _registration(look: Look) -> Iterable[Problem]:
    if not _is_registered(look.values):
        return
    if not look.text("until") and any(
        not r.text("until") and _is_registered(r.values) for r in look.rest("registration")
    ):
        yield odd("open_spell_exists", "until")
    if any(_job_before(r.values, look.values) for kind in _JOBS for r in look.rest(kind)):
        yield odd("job_before_registration", "since")
    if any(_is_flexible(r.values) and share_a_day(r.values, look.values) for r in look.rest("subsidy")):
        yield odd("flexible_during_registration", "until")


def _job(look: Look) -> Iterable[Problem]:
    if any(
        _is_registered(r.values) and _job_before(look.values, r.values) for r in look.rest("registration")
    ):
        yield odd("job_before_registration", "since")


def _job_before(job: Values, registration: Values) -> bool:
    """A job that had begun before the 失业登记 and surely went on beneath it."""
    began, registered = _date(job, "since"), _date(registration, "since")
    if began is None or registered is None or began.last >= registered.first:
        return False
    until = _date(job, "until")
    return until is None or until.first > registered.last


def _subsidy(look: Look) -> Iterable[Problem]:
    if _is_flexible(look.values) and any(
        _is_registered(r.values) and share_a_day(look.values, r.values) for r in look.rest("registration")
    ):
        yield odd("flexible_during_registration", "since")
    if look.text("kind") in BY_RECOGNITION and look.text("policy") in HARDSHIP_POLICIES:
        yield from _before_recognition(look, "subsidy_before_recognition")


def _public_post(look: Look) -> Iterable[Problem]:
    if look.text("kind") == "hardship":
        yield from _before_recognition(look, "post_before_recognition")


def _before_recognition(look: Look, code: str) -> Iterable[Problem]:
    """Only against recognitions that are written down: one that is missing is asked for, not contradicted."""
    since = look.day("since")
    starts = [d for d in (_date(r.values, "since") for r in _recognitions(look)) if d is not None]
    if since is not None and starts and all(since.last < start.first for start in starts):
        yield odd(code, "since", recognised=min(starts).iso())


def _recognitions(look: Look) -> list[Rec]:
    return [r for r in look.rest("recognition") if r.text("state") != "refused"]


def _is_flexible(values: Values) -> bool:
    return values.get("kind") == FLEXIBLE


def _case(look: Look) -> Iterable[Problem]:
    birth, graduated = look.day("birth"), look.day("graduated_on")
    if birth and graduated and graduated.last < birth.first:
        yield odd("graduated_before_birth", "graduated_on")
    died = look.day("deceased_on")
    if birth and died and died.last < birth.first:
        yield odd("died_before_birth", "deceased_on")


_JOBS = ("employment", "placement")
Check = Callable[[Look], Iterable[Problem]]
ODD_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "case": _case,
        "registration": _registration,
        "employment": _job,
        "placement": _job,
        "subsidy": _subsidy,
        "public_post": _public_post,
    }
)
"""Record kind → what may be odd about a record beside the rest of its file."""
