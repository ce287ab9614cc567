"""Facts about retirement: how many months are left by the statutory and by the former age.

A woman's type (50 or 55) comes from the social-insurance record. While nobody confirmed it by that both are
possible, whatever was typed: the fact is known within bounds, and unchecked. The age is a legal clock: it
starts from a birth date that a valid ID number, 省系统 or 文书 gives; until one does it is only heard of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Seen
from jobdesk.cases.rules.facts_person import birth_of, sex
from jobdesk.cases.rules.retirement import Retirement, kinds_of, months_until, possible, spanned
from jobdesk.cases.rules.situation import Change, Reading, Situation

_CHANGE: Change = (("case", "retirement_type"), ("case", "birth"), ("case", "id_number"))


def _dates(at: Situation) -> tuple[list[tuple[Retirement, Retirement]], Change, bool]:
    born, loose = birth_of(at)
    known = sex(at).value
    kinds = kinds_of(known if isinstance(known, str) else "", at.proven("retirement_type"))
    if born is None or not kinds:
        return [], _CHANGE[1:] if born is None else (*_CHANGE[:1], ("case", "sex")), loose
    birth_open = loose or born.exact is None
    lacking = (_CHANGE[:1] if len(kinds) > 1 else ()) + (_CHANGE[1:] if birth_open else ())
    return list(possible(born, kinds, at.packs, at.day)), lacking or _CHANGE, loose or len(kinds) > 1


def _months(at: Situation, former: bool) -> Reading:
    dates, change, loose = _dates(at)
    found = [
        tuple(months_until(at.day, r.former if former else r.day) for r in (low, high)) for low, high in dates
    ]
    months = spanned([(a, b) for a, b in found])
    if dates and birth_of(at)[1]:
        return Reading(None, (), change, True, months)
    return Reading(months, _proof(at), change, loose and bool(dates))


def _proof(at: Situation) -> tuple[Seen, ...]:
    return (*at.proof("birth"), *at.proof("retirement_type"))


def months_to_retirement(at: Situation) -> Reading:
    """Whole months until the statutory age as in force on the day; negative once it is passed.

    ``距退休不足5年`` is ``less_than`` 60 of it.
    """
    return _months(at, former=False)


def months_to_former_retirement(at: Situation) -> Reading:
    """The same by the age before the reform of 2025."""
    return _months(at, former=True)


def retirement_age_reached(at: Situation) -> Reading:
    """达到法定退休年龄; missing while it depends on a type or a birth date that is not known."""
    dates, change, loose = _dates(at)
    if not dates:
        return Reading(None, (), change)
    reached = {day <= at.day for low, high in dates for day in (low.day, high.day)}
    answer = reached.pop() if len(reached) == 1 else None
    if birth_of(at)[1]:
        return Reading(None, (), change, True, answer)
    return Reading(answer, _proof(at), change, loose)


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "months_to_retirement": months_to_retirement,
    "months_to_former_retirement": months_to_former_retirement,
    "retirement_age_reached": retirement_age_reached,
}
"""Fact name → how it is read; words under ``fact.<name>``."""
