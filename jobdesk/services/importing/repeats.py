"""What the rows of one file say of each other: one person twice, one number for two, second sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobdesk.cases.id_number import IdKind, convert15, fits_damaged
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import ReadRow

_NEVER_COMPARED = (".note", ".contract")


def cross_check(rows: Iterable[ReadRow]) -> None:
    """Mark rows of people that stand in the file more than once.

    The first row goes in. A later one that says otherwise is held (``repeated_differs``); one that
    agrees is marked (``repeated``) and may add what the first left empty. One number with two names
    holds both rows. In another sheet only the person's own facts are compared: a second placement
    in 台账五 does not contradict 台账三.
    """
    by_number: dict[str, ReadRow] = {}
    by_name: dict[tuple[str, str], ReadRow] = {}
    for row in rows:
        if row.plan.kind != "case":
            continue
        number = _number(row)
        if number:
            first = by_number.setdefault(number, row)
            if first is not row:
                _same_number(first, row)
        elif row.name:
            for key in _weak_keys(row):
                first = by_name.setdefault(key, row)
                if first is not row:
                    _same_person(first, row)
                    break


def _number(row: ReadRow) -> str:
    """The number under which the same person is found again, 15 digits as the 18 they became."""
    reading = row.id_reading
    if reading is None:
        return ""
    if reading.kind is IdKind.VALID:
        return reading.normal
    return convert15(reading.normal) if reading.kind is IdKind.OLD15 else ""


def _weak_keys(row: ReadRow) -> list[tuple[str, str]]:
    """Without a whole number: the name with the damaged number, else with the phone."""
    found = [(row.name, row.id_text)] if row.id_text else []
    phone = row.values.get("case.phone")
    return found or ([(row.name, str(phone))] if phone else [])


def _same_number(first: ReadRow, row: ReadRow) -> None:
    if first.name and row.name and first.name != row.name:
        for one, other in ((first, row), (row, first)):
            problem = Problem(
                "number_of_two_people", "case.id_number", _letter(one), dict(other.place(_letter(other)))
            )
            if problem not in one.problems:
                one.problems.append(problem)
        return
    _same_person(first, row)


def _same_person(first: ReadRow, row: ReadRow) -> None:
    row.repeats = first
    same_sheet = first.plan is row.plan
    for target, value in row.values.items():
        if target.endswith(_NEVER_COMPARED) or not (same_sheet or target.startswith("case.")):
            continue
        before = first.values.get(target)
        if before is not None and before != value:
            guess = row.source(target)
            params = {**first.place(), "target": target}
            row.problems.append(Problem("repeated_differs", target, guess.letter if guess else "", params))
            return
    row.problems.append(Problem("repeated", "", "", dict(first.place())))


def _letter(row: ReadRow) -> str:
    guess = row.source("case.id_number")
    return guess.letter if guess else ""


@dataclass(frozen=True, slots=True)
class SecondSource:
    """A whole number that another row of this file supports.

    Attributes:
        number: 18 characters.
        row: where it stands.
        by: what agrees besides the name: ``phone`` or ``address``.
    """

    number: str
    row: ReadRow
    by: str


def second_sources(damaged: ReadRow, rows: Iterable[ReadRow]) -> list[SecondSource]:
    """Rows of the file with the same name and phone or address whose whole number fits the damaged one."""
    reading = damaged.id_reading
    if reading is None or reading.kind is not IdKind.DAMAGED or not damaged.name:
        return []
    found: list[SecondSource] = []
    for row in rows:
        if row is damaged or row.name != damaged.name:
            continue
        number = row.values.get("case.id_number")
        if not isinstance(number, str) or not fits_damaged(damaged.id_text, number):
            continue
        by = next((f for f in ("phone", "address") if _agree(damaged, row, f"case.{f}")), None)
        if by is not None:
            found.append(SecondSource(number, row, by))
    return found


def _agree(one: ReadRow, other: ReadRow, target: str) -> bool:
    value = one.values.get(target)
    return value is not None and value == other.values.get(target)
