"""Under a field of 概况: what a file merged into this one holds of it, and the press that takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.cases.beside import Beside, beside
from jobdesk.cases.clock import local_date
from jobdesk.cases.ops import Json
from jobdesk.cases.problems import problems_of
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, label, t
from jobdesk.ui.kit import Button, Text, column, flow, frame

Take = Callable[[str, Beside], None]


def merged_line(file: CaseFile, words: Words, name: str, take: Take) -> QWidget | None:
    """None where no merged file says more. Masked values stay masked: who takes one looks in its field."""
    found = beside(file.state.root, file.aliases, name)
    if not found:
        return None
    return frame(column(*(_line(one, words, name, take) for one in found), gap=2))


def offered(file: CaseFile, case_id: str, fields: Iterable[str]) -> int:
    """How many of these fields could take something from one merged file."""
    several = (beside(file.state.root, file.aliases, name) for name in fields)
    return sum(any(one.lacking and one.case_id == case_id for one in found) for found in several)


def fits(file: CaseFile, name: str, value: Json, today: date) -> bool:
    """Whether a value may stand beside the rest of the file without anybody being asked."""
    root = file.state.root
    entered = local_date(root.opened[0].ms) if root.opened else None

    def asked(values: dict[str, Json]) -> set[tuple[str, str]]:
        found = problems_of(
            "case", values, today, file.figures, others=file.facts, record_id=root.id, entered_on=entered
        )
        return {(p.code, p.field) for p in found if p.blocks or p.odd}

    return asked({**root.values(), name: value}) <= asked(root.values())


def _line(one: Beside, words: Words, name: str, take: Take) -> QWidget:
    value = words.value("case", name, one.value)
    if not one.lacking:
        return Text(t("merged_other", value=value), "caption", "ink_2", wrap=True)
    button = Button(t("merged_take"), "link", on_click=lambda: take(name, one))
    button.setAccessibleName(t("merged_take_what", field=label("case", name), value=value))
    said = Text(t("merged_has", value=value), "caption", "ink_2", wrap=True)
    return flow(said, button, gap=8, line_gap=0, baseline=True)
