"""Somebody with a file is found by name, pinyin, tail or phone, and chosen by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.store import ledger
from jobdesk.store.ledger import CaseItem
from jobdesk.store.log import Connection
from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.finder import Finder
from jobdesk.ui.casefile.state import age_words
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Text, frame, row
from jobdesk.ui.signals import TypedSignal, signal

MOST = 5


class PersonFinder(Finder):
    """Five of them at most.

    Args:
        without: case ids that are never offered.

    Signals:
        chosen: the person taken.
    """

    chosen: TypedSignal[CaseItem] = signal()

    def __init__(self, ctx: Context, name: str, without: Sequence[str]) -> None:
        super().__init__(name, t("merge_search"))
        self._ctx, self._without = ctx, frozenset(without)
        self.person: CaseItem | None = None

    def search(self) -> None:
        words = self.line.value()

        def job(con: Connection) -> list[CaseItem]:
            if not words:
                return []
            ids = ledger.find_ids(con, ledger.LedgerQuery(text=words, state=""), limit=MOST + 2).ids
            return [i for i in ledger.items(con, ids) if i.case_id not in self._without][:MOST]

        self._ctx.ask(self._ctx.desk.read(job), self, self._show)

    def take(self, item: CaseItem) -> None:
        """Choose somebody."""
        self.person = item
        self.field.set_problem(None)
        chosen = t("merge_chosen", name=item.name, tail=mask_id(item.id_number))
        self.show_found((), (Text(chosen, "caption", "ok", wrap=True),))
        self.chosen.emit(item)

    def _show(self, items: Sequence[CaseItem]) -> None:
        nobody = not items and self.line.value()
        self.show_found(
            [self._one(item) for item in items],
            (Text(t("merge_none"), "caption", "ink_2"),) if nobody else (),
        )

    def _one(self, item: CaseItem) -> tuple[QWidget, Button]:
        age = age_words(item.birth, self._ctx.desk.today)
        parts = [age, mask_id(item.id_number), mask_phone(item.phone), item.community]
        about = Text("  ".join(p for p in parts if p), "caption", "ink_2", wrap=True)
        choose = Button(t("choose_this"), "link", on_click=lambda: self.take(item))
        line = row(Text(item.name, bold=True), (about, 1), choose, gap=8, pad=(8, 4, 8, 4))
        return frame(line, "card"), choose
