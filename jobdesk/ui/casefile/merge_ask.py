"""合并到另一份档案: the other file is chosen by hand, with a reason."""

from __future__ import annotations

from PySide6.QtGui import Qt

from jobdesk.cases.errors import JobdeskError
from jobdesk.services.case_files import CaseFile
from jobdesk.services.merging import merge
from jobdesk.store.ledger import CaseItem
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import t
from jobdesk.ui.casefile.ask import Ask, reason_field
from jobdesk.ui.casefile.person_finder import PersonFinder
from jobdesk.ui.context import Context
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.signals import TypedSignal, signal


class MergeAsk(Ask):
    """Which other file, and why.

    Signals:
        merged: id of the file that holds both now.
    """

    merged: TypedSignal[str] = signal()

    def __init__(self, ctx: Context, file: CaseFile) -> None:
        self._ctx, self._file = ctx, file
        self.finder = PersonFinder(ctx, t("merge_into"), [file.case_id])
        self.reason, self._reason_line = reason_field()
        super().__init__(
            t("merge"), t("merge_more"), [self.finder, self._reason_line], t("merge"), self._answer
        )
        self.finder.chosen.connect(self._chosen)

    def _chosen(self, _item: CaseItem) -> None:
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        kept = self.finder.person
        self.finder.field.set_problem(None if kept else t("merge_choose"))
        self._reason_line.set_problem(None if self.reason.value() else t("reason_needed"))
        if kept is None or not self.reason.value():
            return
        future = merge(self._ctx.desk, kept.case_id, self._file.case_id, self.reason.value())

        def done(_changes: Changes) -> None:
            self.close_ask()
            self.merged.emit(kept.case_id)

        def failed(error: Exception) -> None:
            if isinstance(error, JobdeskError):
                self.say(sentence_of(error))
            else:
                self._ctx.hub.trouble.emit(error)

        self._ctx.save(future, self, t("merged_said", name=kept.name), done, failed)
