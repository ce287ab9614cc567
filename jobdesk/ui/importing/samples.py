"""What stands in each column, for 对列: a few different values, masked like the preview."""

from __future__ import annotations

from jobdesk.services.importing import cells, shielding, showing
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.read import ReadFile
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.shielding import Shield
from jobdesk.ui.importing.state import shielded

SHOWN, LOOKED_AT = 4, 40


def samples(read_file: ReadFile, sheet: str) -> dict[int, list[str]]:
    """Column → up to four different values from its first rows."""
    rows = [row for row in read_file.rows if row.sheet == sheet][:LOOKED_AT]
    plan = next((p for p in read_file.plans if p.table.sheet.name == sheet), None)
    if plan is None:
        return {}
    return {guess.column.index: _of_column(rows, guess) for guess in plan.guesses}


def _of_column(rows: list[ReadRow], guess: Guess) -> list[str]:
    found: list[str] = []
    for row in rows:
        words = cells.plain(row.plan.table.sheet.raw(row.index, guess.column.index))
        if not words:
            continue
        shield = shielding.of_cell(row, guess)
        shown = showing.masked(words, guess.target, shield, guess.evidence)
        if shield >= Shield.SENSITIVE:
            shown = shielded(words, shield)[0]
        if shown not in found:
            found.append(shown)
        if len(found) == SHOWN:
            break
    return found
