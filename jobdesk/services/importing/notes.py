"""What is to be known of a whole file, said once and not row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobdesk.services.importing import layouts, shielding
from jobdesk.services.importing.columns import Plan
from jobdesk.services.importing.read import ReadFile
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.shielding import Shield

_NAMED = 3
"""Own figure: names given as examples."""


@dataclass(frozen=True, slots=True)
class Note:
    """Its sentence is ``import.note.<code>`` filled with ``params``."""

    code: str
    params: dict[str, str | int] = field(default_factory=dict[str, "str | int"])


def notes(file: ReadFile) -> list[Note]:
    """Macros that were left alone, sheets passed over, hidden rows, categories without a key of Jilin's."""
    found: list[Note] = []
    if file.book.macros:
        found.append(Note("macros"))
    if file.passed_over:
        found.append(Note("passed_over", {"sheets": "、".join(file.passed_over)}))
    hidden = sum(row.hidden for row in file.rows)
    if hidden:
        found.append(Note("hidden_rows", {"count": hidden}))
    for plan in file.plans:
        found += [Note("code_question", {"column": guess.column.leaf}) for guess in plan.questions]
    for plan in file.plans:
        note = _without_key(plan, file.rows)
        if note is not None and note not in found:
            found.append(note)
    return found


def _without_key(plan: Plan, rows: list[ReadRow]) -> Note | None:
    """Types of a list that is not Jilin's stay text: said once for a layout, not beside each row."""
    guess = plan.column_of("recognition.category")
    if guess is None:
        return None
    count = 0
    names: dict[str, None] = {}
    for row in rows:
        if row.plan is not plan:
            continue
        kept = [
            value
            for target, value in row.values.items()
            if layouts.split_target(target)[:2] == ("recognition", "category_text")
            and target.replace("category_text", "category") not in row.values
        ]
        told = any(p.target == "recognition.category" for p in row.problems)
        if kept and not told:
            count += 1
            names.update((str(v), None) for v in kept if shielding.of_text(str(v)) is Shield.OPEN)
    if not count:
        return None
    if not names:
        return Note("category_kept_unnamed", {"column": guess.column.leaf, "count": count})
    listed = "、".join(list(names)[:_NAMED])
    return Note("category_kept", {"column": guess.column.leaf, "count": count, "names": listed})


__all__ = ["Note", "notes"]
