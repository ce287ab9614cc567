"""Facts about the person that rules may read: age, sex, 户籍, school, what was stated of work and health.

A fact that is not written down reads as missing. Nothing here guesses: the first six digits of an ID
number are where it was issued, never the 户籍.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date

from jobdesk.cases.facts import Rec
from jobdesk.cases.id_number import IdKind, IdReading, age_on, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.situation import Reading, Situation, Span, missing, months_since, seen, unchecked

URBAN = "10"
_BIRTH = (("case", "id_number"), ("case", "birth"))


@functools.lru_cache(maxsize=4)
def number_of(number: str, day: date) -> IdReading:
    """The same person's number is asked for again and again while one file is judged."""
    return examine(number, day)


def birth_of(at: Situation) -> tuple[PartialDate | None, bool]:
    """The birth date and whether it is unchecked: a valid ID number is the paper itself."""
    reading = number_of(at.facts.text("id_number"), at.day)
    if reading.kind is IdKind.VALID and reading.birth is not None:
        return PartialDate.of(reading.birth), False
    return at.root_date("birth"), not at.is_proven("birth")


def age(at: Situation) -> Reading:
    """Completed years (周岁); bounds where only the year or month of birth is known."""
    birth, loose = birth_of(at)
    if birth is None:
        return missing(*_BIRTH)
    low, high = age_on(birth.last, at.day), age_on(birth.first, at.day)
    return Reading(low if low == high else Span(low, high), (), _BIRTH, loose)


def sex(at: Situation) -> Reading:
    """``1`` or ``2`` (GB/T 2261.1)."""
    reading = number_of(at.facts.text("id_number"), at.day)
    if reading.kind is IdKind.VALID and reading.sex is not None:
        return Reading("1" if reading.sex == "male" else "2", (), (("case", "id_number"), ("case", "sex")))
    return at.root("sex")


def urban(at: Situation) -> Reading:
    """城镇户籍或城镇常住."""
    change = (("case", "hukou_kind"), ("case", "urban_resident"))
    kind, resident = at.facts.text("hukou_kind"), at.facts.root.get("urban_resident")
    if kind == URBAN or resident is True:
        used = {"hukou_kind"} if kind == URBAN else {"urban_resident"}
        return Reading(True, (), change, all(map(at.loose, used)))
    if kind and resident is False:
        return Reading(False, (), change, any(map(at.loose, ("hukou_kind", "urban_resident"))))
    return missing(*change)


def able(at: Situation) -> Reading:
    """有劳动能力. 部分丧失 is able: the notice excludes only those without capacity."""
    value = at.facts.text("work_capacity")
    change = (("case", "work_capacity"),)
    if value in ("able", "partly", "none"):
        return Reading(value != "none", (), change, at.loose("work_capacity"))
    return missing(*change)


def willing(at: Situation) -> Reading:
    """有就业要求: as last asked; the latest dated statement on 升学, 暂无意愿 or 就业意愿 comes first."""
    change = (("case", "willingness"), ("statement", "kind"))
    stated = [
        r
        for r in at.facts.of("statement")
        if r.text("kind") in ("wish", "no_wish", "study")
        and r.text("stated_on")
        and r.text("stated_on") <= at.iso
        and not (r.text("until") and r.text("until") < at.iso)
    ]
    latest = max(stated, key=lambda r: (r.text("stated_on"), r.id), default=None)
    if latest is not None:
        return Reading(latest.text("kind") == "wish", (seen(latest),), change)
    value = at.facts.text("willingness")
    if value in ("yes", "study", "none"):
        return Reading(value == "yes", (), change, at.loose("willingness"))
    return missing(*change)


def alive(at: Situation) -> Reading:
    """Not known to have died (已故)."""
    died = at.root_date("deceased_on")
    return Reading(died is None or died.first > at.day, (), (("case", "deceased_on"),),
                   died is not None and at.loose("deceased_on"))  # fmt: skip


def graduate(at: Situation) -> Reading:
    """Kind of graduate (``graduate_kind``)."""
    return at.root("graduate_kind")


def left_is_sure(at: Situation, used: tuple[Rec, ...]) -> bool:
    """Whether a legal clock may start from what ``left_school`` found: the study that ended, else the
    graduation date, stands on 省系统 or 文书.
    """
    if used:
        return "graduated_on" in at.supposed or not any(map(unchecked, used))
    return at.is_proven("graduated_on")


def clock_from_school(
    at: Situation, found: int | Span | bool, used: tuple[Rec, ...], more: tuple[Rec, ...] = ()
) -> Reading:
    """What a clock says that runs from leaving school: heard of only, until the date is confirmed."""
    change = (("case", "graduated_on"), ("absence", "until"))
    records = tuple(seen(r) for r in (*used, *more))
    if not left_is_sure(at, used):
        return Reading(None, records, change, True, found)
    return Reading(found, records if used else (*at.proof("graduated_on"), *records), change)


def _studies(at: Situation) -> list[Rec]:
    return [r for r in at.begun("absence") if r.text("kind") == "study"]


def left_school(at: Situation) -> tuple[PartialDate | None, tuple[Rec, ...]]:
    """When the person last left school: further study that has ended moves the date on."""
    left, used = at.root_date("graduated_on"), []
    if left is not None and left.first > at.day:
        left = None  # expected, not yet left
    for record in _studies(at):
        until = PartialDate.parse(record.text("until")) if record.text("until") else None
        if until is not None and until.first <= at.day and (left is None or until > left):
            left, used = until, [record]
    return left, tuple(used)


def months_since_graduation(at: Situation) -> Reading:
    """Whole months since school was left, by a confirmed date: a legal clock. Missing before leaving."""
    change = (("case", "graduated_on"), ("absence", "until"))
    left, used = left_school(at)
    if left is None or left.first > at.day:
        return missing(*change)
    return clock_from_school(at, months_since(left, at.day), used)


def studying(at: Situation) -> Reading:
    """In school now (升学)."""
    return _absent(at, "study")


def serving(at: Situation) -> Reading:
    """In the armed forces now."""
    return _absent(at, "military")


def in_custody(at: Situation) -> Reading:
    return _absent(at, "custody")


def _absent(at: Situation, kind: str) -> Reading:
    found = [r for r in at.running("absence") if r.text("kind") == kind]
    loose = bool(found) and all(unchecked(r) for r in found)
    return Reading(bool(found), tuple(seen(r) for r in found), (("absence", "kind"),), loose)


def has_served(at: Situation) -> Reading:
    """Was in the armed forces at some time: the effect of enlistment on the two years is 待确认."""
    found = [r for r in at.begun("absence") if r.text("kind") == "military"]
    return Reading(bool(found), tuple(seen(r) for r in found), (("absence", "kind"),))


def pension(at: Situation) -> Reading:
    """已享受养老待遇: a fact of its own, never computed from the age."""
    since = at.root_date("pension_since")
    return Reading(since is not None and since.first <= at.day, (), (("case", "pension_since"),),
                   since is not None and at.loose("pension_since"))  # fmt: skip


def disabled(at: Situation) -> Reading:
    """Holds a disability card (残疾人证)."""
    change = (("case", "disability_card"), ("group", "kind"))
    if at.facts.text("disability_card"):
        return Reading(True, (), change, at.loose("disability_card"))
    found = [r for r in at.running("group") if r.text("kind") == "disabled"]
    if found:
        return Reading(True, tuple(map(seen, found)), change, all(map(unchecked, found)))
    return missing(*change) if not at.facts.text("disability") else Reading(True, (), change, True)


def groups(at: Situation) -> Reading:
    """Codes of the groups the person belongs to on the day."""
    found = at.running("group")
    return Reading(
        frozenset(r.text("kind") for r in found if r.text("kind")), tuple(map(seen, found)),
        (("group", "kind"),), bool(found) and all(map(unchecked, found)),
    )  # fmt: skip


def _field(name: str) -> Callable[[Situation], Reading]:
    def read(at: Situation) -> Reading:
        return at.root(name)

    read.__doc__ = f"The field ``{name}`` of the file."
    return read


def birth(at: Situation) -> Reading:
    """The birth date as a day; missing when only a month or year is known."""
    found, loose = birth_of(at)
    day: date | None = found.exact if found else None
    return Reading(day, (), _BIRTH, loose) if day else missing(*_BIRTH)


FACTS: Mapping[str, Callable[[Situation], Reading]] = {
    "age": age,
    "birth": birth,
    "sex": sex,
    "local_hukou": _field("local_hukou"),
    "urban": urban,
    "urban_resident": _field("urban_resident"),
    "hukou_kind": _field("hukou_kind"),
    "able": able,
    "willing": willing,
    "alive": alive,
    "graduate_kind": graduate,
    "education": _field("education"),
    "months_since_graduation": months_since_graduation,
    "studying": studying,
    "serving": serving,
    "has_served": has_served,
    "in_custody": in_custody,
    "pension": pension,
    "disabled": disabled,
    "groups": groups,
    "laid_off_soe": _field("laid_off_soe"),
    "land_taken": _field("land_taken"),
    "ever_employed": _field("ever_employed"),
    "ever_insured": _field("ever_insured"),
    "trained_startup": _field("trained_startup"),
    "student_loan": _field("student_loan"),
    "monthly_income": _field("monthly_income"),
    "retirement_type": _field("retirement_type"),
    "skills_known": lambda at: Reading(
        bool(at.facts.text("skills")), (), (("case", "skills"),), at.loose("skills")
    ),
}
"""Fact name → how it is read; words under ``fact.<name>``."""

TABLES: Mapping[str, str] = {
    "sex": "sex",
    "hukou_kind": "hukou_kind",
    "graduate_kind": "graduate_kind",
    "education": "education",
    "groups": "groups",
    "retirement_type": "retirement_type",
}
"""Fact name → code list of its values."""
