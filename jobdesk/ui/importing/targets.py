"""The fields a column can be taken for, as a searchable list with their names on screen."""

from __future__ import annotations

import functools

from jobdesk.cases.schema import field as schema_field
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.importing import layouts
from jobdesk.ui.kit import Choice

NOT_TAKEN = ""


@functools.cache
def target_label(target: str | None) -> str:
    """出生日期, 就业去向 · 单位, 人群类别 · 退役军人; 不导入 for none."""
    if not target or target == "skip":
        return text("import_ui.not_taken")
    if target in layouts.PSEUDO:
        return text(f"import_ui.target.{target.replace('.', '_')}")
    record, name, number, code = layouts.split_target(target)
    key = f"field.{record}.{name}"
    label = text(key) if has(key) else name
    declared = schema_field(record, name)
    if code and declared is not None and declared.table:
        label = code_lists.table(declared.table).name_of(code)
    if record == "case":
        return label
    words = text(
        "import_ui.target_of",
        record=text(f"record.{record}") if has(f"record.{record}") else record,
        field=label,
    )
    return words if number == 1 else text("import_ui.target_nth", field=words, number=number)


@functools.cache
def choices(kind: str) -> tuple[Choice, ...]:
    """Everything on offer for a sheet of people (``case``) or posts (``vacancy``), 不导入 first."""
    known = layouts.vocabulary()
    wanted = set(known.synonyms.values())
    for layout in known.layouts:
        wanted.update(column.target for column in layout.columns.values())
    wanted.discard("skip")
    mine = [
        t
        for t in wanted
        if (layouts.split_target(t)[0] == "vacancy") == (kind == "vacancy") or t in layouts.PSEUDO
    ]
    order = {"case": 0, "hint": 9}
    mine.sort(
        key=lambda t: (order.get(layouts.split_target(t)[0], 1), layouts.split_target(t)[0], _place(t), t)
    )
    found = [Choice(NOT_TAKEN, text("import_ui.not_taken"))]
    seen: set[str] = set()
    for target in mine:
        label = target_label(target)
        if label not in seen:
            seen.add(label)
            found.append(Choice(target, label, search=target))
    return tuple(found)


def _place(target: str) -> int:
    """As the schema orders its fields."""
    from jobdesk.cases.schema import RECORDS

    record, name, _, _ = layouts.split_target(target)
    names = [f.name for f in RECORDS.get(record, ())]
    return names.index(name) if name in names else 99


def choices_with(kind: str, target: str | None) -> tuple[Choice, ...]:
    """The same, with what the column is taken for now even where it is not usually on offer."""
    usual = choices(kind)
    if not target or any(c.value == target for c in usual):
        return usual
    return (*usual, Choice(target, target_label(target)))
