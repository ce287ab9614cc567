"""What 整批撤销 has done: how many are gone, who stays and why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.cases.clock import local_date
from jobdesk.cases.ground import Kept
from jobdesk.host.strings import has, text
from jobdesk.services.importing.undo import UndoneImport
from jobdesk.ui.kit import Icon, Text, column, frame, row, rule

NAMED = 30
"""Own figure: so many are named; the others are counted."""


def kept_card(undone: UndoneImport) -> QWidget:
    """A card for the start page."""
    head = row(
        Icon("undo", "ok", 18),
        (Text(text("import_ui.undo_done", count=undone.withdrawn), "strong"), 1),
        gap=10,
    )
    body = column(head, gap=6, pad=(18, 14, 18, 14))
    if undone.kept:
        body.addWidget(rule())
        body.addWidget(Text(text("import_ui.undo_kept", count=len(undone.kept)), bold=True, wrap=True))
    for one in undone.kept[:NAMED]:
        why = "、".join(dict.fromkeys(work_words(kept) for kept in one.work))
        body.addWidget(
            Text(text("import_ui.undo_kept_line", name=one.name, why=why), "body", "ink_2", wrap=True)
        )
    if len(undone.kept) > NAMED:
        body.addWidget(Text(text("import_ui.undo_kept_more", count=len(undone.kept)), "caption", "ink_2"))
    return frame(body, "card")


def work_words(kept: Kept) -> str:
    """What was done since: the record it stands in and the day."""
    kind = kept.record[0]
    what = text(f"record.{kind}") if has(f"record.{kind}") else kind
    day = local_date(kept.at)
    return text("import_ui.kept_because", what=what, day=f"{day.month}月{day.day}日")
