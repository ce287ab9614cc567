"""失业登记, 困难认定 and 政策享受 side by side: three states, none of which ends another."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.cases.registration_spells import POST, Standing
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.claim_state import states
from jobdesk.ui.casefile.page import mark_chip, note
from jobdesk.ui.kit import Text, clear, column, flow, frame, row

_LOOKS = {
    "registration": {"open": "accent", "ended": "plain", "none": "outline"},
    "recognition": {"recognised": "ok", "running": "warn", "ledger": "blank", "refused": "bad",
                    "exited": "plain", "none": "outline"},
    "policy": {"running": "ok", "ended": "plain", "none": "outline"},
}  # fmt: skip


def j(key: str, /, **params: object) -> str:
    """A sentence of 就业."""
    return text(f"jobs.{key}", **params)


class StatesBand(QWidget):
    """The band at the head of 认定 and 就业."""

    def __init__(self) -> None:
        super().__init__()
        self._cells = row(gap=8)
        self.setLayout(column(Text(j("states"), bold=True), self._cells, note(j("states_note")), gap=6))

    def show_file(self, file: CaseFile, words: Words) -> None:
        clear(self._cells)
        for one in states(file):
            self._cells.addWidget(_cell(one, words), 1)


def _cell(one: Standing, words: Words) -> QWidget:
    marks: list[QWidget] = [mark_chip(j(f"is_{one.kind}_{one.code}"), _LOOKS[one.kind][one.code])]
    if one.unchecked and one.code not in ("none", "ledger"):
        marks.append(mark_chip(j("unchecked"), "blank"))
    lines = [p for p in (_what(one), _span(one, words), _count(one)) if p]
    body = column(
        Text(j(f"state_{one.kind}"), "caption", "ink_3"), flow(*marks, gap=4), *map(note, lines),
        None, gap=4, pad=(10, 8, 10, 8),
    )  # fmt: skip
    return frame(body, "card")


def _what(one: Standing) -> str:
    if not one.what:
        return ""
    if one.what == POST:
        return text("record.public_post")
    table = "hardship" if one.kind == "recognition" else "subsidy_kind"
    return code_lists.table(table).name_of(one.what)


def _span(one: Standing, words: Words) -> str:
    if one.since and one.until:
        return j("from_to", since=words.day(one.since), until=words.day(one.until))
    return j("since", day=words.day(one.since)) if one.since else ""


def _count(one: Standing) -> str:
    if one.kind == "registration" and one.count > 1:
        return j("spell_count", count=one.count)
    return j("several", count=one.count) if one.kind == "policy" and one.count > 1 else ""
