"""Lines of one file on one day by the shipped packs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.due_lines import due_lines
from tests.cases.files import DAYS, File, agenda
from tests.cases.hardship_files import PACKS

WORKING = replace(DAYS, known_from=date(2024, 1, 1), known_through=date(2027, 12, 31))


def lines(file: File, day: str, kind: DueKind, **more: object) -> list[DueLine]:
    given = {"packs": PACKS, "days": WORKING, **more}
    asked = replace(agenda(date.fromisoformat(day)), **given)  # type: ignore[arg-type]
    return [one for one in due_lines(file.facts(), asked) if one.kind is kind]


def only(file: File, day: str, kind: DueKind, **more: object) -> DueLine:
    found = lines(file, day, kind, **more)
    assert len(found) == 1, found
    return found[0]
