"""Bare values of the facts that lists ask of everybody: the ``value`` of the Reading, nothing of its trace,
several times faster. ``tests/cases/test_quick.py`` holds each to the reading itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jobdesk.cases.facts import is_open
from jobdesk.cases.id_number import IdKind, age_on
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules import facts_hardship, facts_person, facts_spells
from jobdesk.cases.rules.facts_person import URBAN, number_of
from jobdesk.cases.rules.facts_spells import recognition_stands
from jobdesk.cases.rules.proofs import SOURCES
from jobdesk.cases.rules.situation import Reading, Situation, Span, months_since
from jobdesk.cases.rules.verdict import Value

Known = Value | Span | None
Bare = Callable[[Situation], Known]


def field_of(name: str) -> Bare:
    """The field ``name`` of the file."""

    def read(at: Situation) -> Known:
        value = at.facts.root.get(name)
        if value is None or value == "" or isinstance(value, list | dict):
            return None
        return int(value) if isinstance(value, float) else value

    return read


def _age(at: Situation) -> Known:
    root, day = at.facts.root, at.day
    number = root.get("id_number")
    if isinstance(number, str) and number:
        reading = number_of(number, day)
        if reading.kind is IdKind.VALID and reading.birth is not None:
            return age_on(reading.birth, day)
    birth = at.root_date("birth")
    if birth is None:
        return None
    low, high = age_on(birth.last, day), age_on(birth.first, day)
    return low if low == high else Span(low, high)


_typed_sex = field_of("sex")


def _sex(at: Situation) -> Known:
    number = at.facts.root.get("id_number")
    if isinstance(number, str) and number:
        reading = number_of(number, at.day)
        if reading.kind is IdKind.VALID and reading.sex is not None:
            return "1" if reading.sex == "male" else "2"
    return _typed_sex(at)


def _urban(at: Situation) -> Known:
    root = at.facts.root
    kind, resident = root.get("hukou_kind"), root.get("urban_resident")
    if kind == URBAN or resident is True:
        return True
    return False if kind and isinstance(kind, str) and resident is False else None


def _able(at: Situation) -> Known:
    value = at.facts.root.get("work_capacity")
    return value != "none" if value in ("able", "partly", "none") else None


def _willing(at: Situation) -> Known:
    if "statement" in at.facts.records:
        return facts_person.willing(at).value
    value = at.facts.root.get("willingness")
    return value == "yes" if value in ("yes", "study", "none") else None


def _alive(at: Situation) -> Known:
    died = at.root_date("deceased_on")
    return died is None or died.first > at.day


def _pension(at: Situation) -> Known:
    since = at.root_date("pension_since")
    return since is not None and since.first <= at.day


def _absent(kind: str) -> Bare:
    def read(at: Situation) -> Known:
        found = at.facts.records.get("absence")
        return found is not None and any(r.text("kind") == kind and is_open(r.values, at.iso) for r in found)

    return read


def _skills(at: Situation) -> Known:
    return bool(at.facts.text("skills"))


def _groups(at: Situation) -> Known:
    return frozenset(
        kind for r in at.facts.of("group") if (kind := r.text("kind")) and is_open(r.values, at.iso)
    )


def _registered(at: Situation) -> Known:
    found, iso = at.facts.records.get("registration"), at.iso
    if found is None:
        return False
    return any(r.values.get("registered") is not False and is_open(r.values, iso) for r in found)


def _months(at: Situation, *, sure: bool) -> Known:
    """Of the running 失业登记 that began first; ``sure``: of those by 省系统 or 文书."""
    first: PartialDate | None = None
    for record in at.facts.of("registration"):
        values = record.values
        if values.get("registered") is False or not is_open(values, at.iso):
            continue
        since = record.text("since")
        if not since or (sure and record.text("source") not in SOURCES):
            continue
        begun = PartialDate.parse(since)
        if begun is not None and (first is None or begun < first):
            first = begun
    return None if first is None else months_since(first, at.day)


def _months_unemployed(at: Situation) -> Known:
    return _months(at, sure=False)


def _registered_months(at: Situation) -> Known:
    return _months(at, sure=True)


def _employed(at: Situation) -> Known:
    records, iso = at.facts.records, at.iso
    found = records.get("employment")
    if found is not None and any(is_open(r.values, iso) for r in found):
        return True
    placed = records.get("placement")
    if placed is None:
        return False
    heard = False
    for record in placed:
        if is_open(record.values, iso):
            verified = record.text("verified_on")
            if verified and verified[:10] <= iso:
                return True
            heard = True
    return None if heard else False


def _business(at: Situation) -> Known:
    records = at.facts.records
    if "business" not in records and "verification" not in records:
        return None
    return facts_spells.business(at).value


def _recognised(at: Situation) -> Known:
    found, iso = at.facts.records.get("recognition"), at.iso
    if found is None:
        return False
    heard = False
    for record in found:
        if recognition_stands(record, iso):
            if record.text("source") in SOURCES:
                return True
            heard = True
    return None if heard else False


def _had_subsidies(at: Situation) -> Known:
    return frozenset(r.text("kind") for r in at.begun("subsidy"))


def _unreachable(at: Situation) -> Known:
    return bool(at.facts.root.get("unreachable_agreed_on")) and facts_hardship.unreachable_agreed(at).value


_FIELDS = (
    "local_hukou", "hukou_kind", "graduate_kind", "education", "laid_off_soe", "land_taken", "ever_employed",
    "ever_insured", "trained_startup", "student_loan", "monthly_income", "retirement_type", "urban_resident",
)  # fmt: skip
_PERSON: Mapping[str, Bare] = {
    **{name: field_of(name) for name in _FIELDS},
    "age": _age, "sex": _sex, "urban": _urban, "able": _able, "willing": _willing, "alive": _alive,
    "pension": _pension, "studying": _absent("study"), "serving": _absent("military"),
    "in_custody": _absent("custody"), "skills_known": _skills, "groups": _groups,
}  # fmt: skip
_SPELLS: Mapping[str, Bare] = {
    "registered": _registered, "months_unemployed": _months_unemployed, "employed": _employed,
    "business": _business, "recognised": _recognised, "had_subsidies": _had_subsidies,
}  # fmt: skip
_HARDSHIP: Mapping[str, Bare] = {"registered_months": _registered_months, "unreachable_agreed": _unreachable}

BARE: Mapping[Callable[[Situation], Reading], Bare] = MappingProxyType(
    {
        facts.FACTS[name]: bare
        for facts, found in ((facts_person, _PERSON), (facts_spells, _SPELLS), (facts_hardship, _HARDSHIP))
        for name, bare in found.items()
    }
)
"""How a fact is read → the same without its trace. The others are read in full."""
PLAIN = frozenset((*_FIELDS, "able", "skills_known", "urban", "alive", "pension", "willing"))
"""Facts that cost no more than a look into the file's own fields: asked first."""
