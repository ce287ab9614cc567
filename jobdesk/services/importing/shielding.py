"""Which cells the preview may not show openly: masked numbers, sensitive facts, restricted ones.

A circled code reveals as much as its meaning: ⑧ under 就业困难人员类型 is restricted where the sheet's
notes (or the chosen list) say 刑满释放 (domain.md §11.14, §11.24).
"""

from __future__ import annotations

import enum

from jobdesk.cases.schema import field as schema_field
from jobdesk.host import code_lists
from jobdesk.services.importing import cells, layouts
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.rows import ReadRow


class Shield(enum.IntEnum):
    """Greater hides more."""

    OPEN = 0
    MASKED = 1
    """ID number, phone: shown in part."""
    SENSITIVE = 2
    """残疾, 低保, 重病: not in lists and previews."""
    RESTRICTED = 3
    """刑满释放, 戒毒康复: hidden everywhere until opened with a reason."""


def of_value(target: str, value: object) -> Shield:
    """How far a typed value is hidden."""
    if target in layouts.PSEUDO:
        return Shield.OPEN
    record, name, _, _ = layouts.split_target(target)
    declared = schema_field(record, name)
    found = Shield.OPEN
    if declared is not None:
        if declared.sensitive:
            found = Shield.SENSITIVE
        elif declared.masked:
            found = Shield.MASKED
        if declared.table:
            found = max(found, _of_code(declared.table, str(value)))
    return max(found, of_text(str(value)))


def of_text(text: str) -> Shield:
    """By the words in it; for values that no code list knows."""
    words = layouts.reading()
    if any(part in text for part in words.restricted):
        return Shield.RESTRICTED
    if any(part in text for part in words.sensitive):
        return Shield.SENSITIVE
    return Shield.OPEN


def of_cell(row: ReadRow, guess: Guess) -> Shield:
    """How far the cell of this column is hidden in the preview, whatever was made of it."""
    text = cells.plain(row.plan.table.sheet.raw(row.index, guess.column.index))
    if not text:
        return Shield.OPEN
    found = of_text(text)
    if guess.target is None or guess.target in layouts.PSEUDO:
        return max(found, Shield.MASKED) if guess.evidence in ("id", "phone") else found
    meanings, unknown = cells.coded(text, guess)
    for part in (text, *meanings):
        found = max(found, of_value(guess.target, part))
    if unknown and guess.target.startswith(("recognition.", "registration.reason")):
        found = max(found, Shield.SENSITIVE)  # nobody has said yet what the code reveals
    target = guess.target.partition("=")[0].rstrip("+")
    value = row.values.get(target)
    if value is not None and not guess.target.endswith("+"):
        found = max(found, of_value(target, value))
    return found


def _of_code(table_id: str, value: str) -> Shield:
    table = code_lists.table(table_id)
    entry = table.find(value)
    if entry is None:
        return Shield.OPEN
    if entry.restricted:
        return Shield.RESTRICTED
    return Shield.SENSITIVE if entry.sensitive else Shield.OPEN
