"""What a clerk's decision makes of a row: values that go in, problems that still hold it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.errors import BadInput
from jobdesk.cases.id_number import SEX_CODES, IdReading, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.services.importing.cells import Json
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.verdicts import Decision

_NEVER_BLANK = frozenset({"name_missing", "repeated_of_held"})
_ABOUT_PERSON = frozenset({"perhaps_same_person", "number_taken", "number_twice_here"})
_ID = "case.id_number"


@dataclass(frozen=True, slots=True)
class Decided:
    """Values and problems of a row after a decision, and the number it is matched by."""

    values: dict[str, Json]
    problems: list[Problem]
    number: str


def decided(
    values: dict[str, Json],
    problems: Iterable[Problem],
    number: str,
    decision: Decision | None,
    today: date,
) -> Decided:
    """Apply a decision; the input is left as it is.

    Args:
        number: the whole number the row itself has; empty when it has none or a damaged one.

    Raises:
        BadInput: the number of the decision is not a whole valid one.
    """
    left = list(problems)
    if decision is None or decision.later or decision.drop:
        return Decided(values, left, number)
    values = dict(values)
    if decision.number:
        reading = whole_number(decision.number, today)
        number = reading.normal
        values[_ID] = number
        values.pop("case.old_id_number", None)
        left = [p for p in left if p.target != _ID or not p.holds]
        left = [p for p in left if p.code not in ("sex_disagrees", "birth_disagrees")]
        left += _against(reading, values)
    if decision.sex:
        values["case.sex"] = decision.sex
        left = [p for p in left if p.code != "sex_disagrees"]
    if decision.blank:
        for problem in left:
            if problem.holds and problem.code not in _NEVER_BLANK | _ABOUT_PERSON and problem.target:
                values.pop(problem.target, None)
                if problem.target == _ID:
                    values.pop("case.old_id_number", None)
                    number = ""
        left = [p for p in left if not p.holds or p.code in _NEVER_BLANK | _ABOUT_PERSON]
    if decision.person:
        left = [p for p in left if p.code not in _ABOUT_PERSON]
    return Decided(values, left, number)


def whole_number(text: str, today: date) -> IdReading:
    """A number adopted or typed.

    Raises:
        BadInput: it is not a whole valid one.
    """
    reading = examine(text, today)
    if not reading.ok:
        raise BadInput("import_number_invalid")
    return reading


def _against(reading: IdReading, values: dict[str, Json]) -> list[Problem]:
    found: list[Problem] = []
    typed, born = values.get("case.sex"), values.get("case.birth")
    if reading.sex and typed in ("1", "2") and typed != SEX_CODES[reading.sex]:
        found.append(Problem("sex_disagrees", "case.sex"))
    if reading.birth and isinstance(born, str):
        said = PartialDate.parse(born)
        if said is not None and not said.may_be(PartialDate.of(reading.birth)):
            found.append(Problem("birth_disagrees", "case.birth"))
    return found
