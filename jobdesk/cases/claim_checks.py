"""Whether an act of an application may be done as typed: what is missing, what cannot be. Codes, no words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobdesk.cases.claim import DAY_OF, NEEDS, Act, Claim
from jobdesk.cases.due import day_of
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import publicity_until, view
from jobdesk.cases.rules.situation import CHECKED_SOURCES

ORDER = (
    "applied_on", "accepted_on", "supplement_on", "supplemented_on", "station_checked_on", "publicity_from",
    "publicity_until", "publicity_down_on", "reported_on", "decided_on", "notified_on", "appealed_on",
    "reviewed_on", "exited_on",
)  # fmt: skip
"""Days in the order in which they come; ``supplement_on`` may lie before 受理."""
_FREE = frozenset({"supplement_on", "supplemented_on"})


def problems(claim: Claim, act: Act, values: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """(field, code) pairs that keep the act from being done; empty when it may be.

    Codes: ``not_now`` (the state does not allow it; field empty), ``needed``, ``future``, ``before``
    (earlier than a day that comes before it), ``source`` (a decision comes from 省系统 or 文书),
    ``too_short`` (公示 shorter than the pack asks), ``still_shown`` (公示 is not over), ``household``.
    """
    if act not in view(claim).acts:
        return (("", "not_now"),)
    found: list[tuple[str, str]] = []
    for name in NEEDS[act]:
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            found.append((name, "needed"))
    if any(code == "needed" for _, code in found):
        return tuple(found)
    on = _day(values, DAY_OF[act])
    if on is None:
        return ((DAY_OF[act], "needed"),)
    if on > claim.today:
        found.append((DAY_OF[act], "future"))
    if (before := _before(claim, act)) is not None and on < before:
        found.append((DAY_OF[act], "before"))
    if act in (Act.RECOGNISE, Act.REFUSE) and values.get("source") not in CHECKED_SOURCES:
        found.append(("source", "source"))
    found += _publicity(claim, act, values, on)
    return tuple(found)


def _day(values: Mapping[str, Json], name: str) -> date | None:
    value = values.get(name)
    return day_of(value) if isinstance(value, str) and value else None


def _before(claim: Claim, act: Act) -> date | None:
    """The latest day already written down of what comes before this act."""
    name = DAY_OF[act]
    place = ORDER.index(name) if name in ORDER else len(ORDER)
    if act is Act.EVIDENCE:
        place = ORDER.index("publicity_until")
    names = [n for n in ORDER[:place] if n not in _FREE or act not in (Act.ACCEPT,)]
    if act is Act.SUPPLEMENT:
        names = ["applied_on"]
    if act in (Act.REVIEW, Act.KEEP, Act.EXIT, Act.APPEAL):
        names = ["decided_on"]
    return max((d for d in (claim.day(n) for n in names) if d is not None), default=None)


def _publicity(claim: Claim, act: Act, values: Mapping[str, Json], on: date) -> list[tuple[str, str]]:
    if act is Act.POST:
        asked = claim.publicity(claim.day("accepted_on"))
        until = _day(values, "publicity_until")
        if asked is not None and until is not None and until < publicity_until(claim.days, on, asked):
            return [("publicity_until", "too_short")]
    if act is Act.TAKE_DOWN:
        until = claim.day("publicity_until")
        if until is not None and on <= until:
            return [("publicity_down_on", "still_shown")]
    return []
