"""A short form for one act (受理, 初审, 注销 …): its fields, what it means, problems beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import DRAFT, CaseFile
from jobdesk.store.station_file import Changes
from jobdesk.ui import shortcuts
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.drafts import typed_of
from jobdesk.ui.casefile.form import FieldsForm
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools, note
from jobdesk.ui.casefile.record_editor import draft_words
from jobdesk.ui.kit import Button, Text, column, row
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.signals import BareSignal, bare_signal

Submit = Callable[[Mapping[str, Json]], Future[Changes]]


class ActForm(QFrame):
    """One act. What is typed is kept as a draft; a refusal stands beside the field it is about.

    Args:
        name: of the draft within the file.
        submit: does the act with the values of the form; may raise ``Refused`` at once.
        said: toast.

    Signals:
        closed: done or given up; the form is to be taken away.
    """

    closed: BareSignal = bare_signal()

    def __init__(
        self, tools: Tools, file: CaseFile, plan: FormPlan, name: str, title: str, submit: Submit, said: str,
        more: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card_on")
        self._tools, self._file, self._plan = tools, file, plan
        self._submit, self._said, self._name = submit, said, name
        self.form = FieldsForm(tools.ctx, plan, tools.looks, f"{DRAFT}{file.case_id}/{name}")
        self.message = Text("", "caption", "bad", wrap=True)
        self.message.hide()
        self._state = Text("", "caption", "ok")
        self.save = Button(title, "primary", on_click=self.answer)
        self.setLayout(
            column(
                row(Text(title, bold=True), None, self._state),
                *([note(more)] if more else []),
                self.form,
                self.message,
                row(self.save, Button(t("cancel"), "bare", on_click=self.give_up), None,
                    Text(t("save_key"), "caption", "ink_3")),
                gap=10, pad=(14, 12, 14, 12),
            )
        )  # fmt: skip
        shortcuts.bind(self, shortcuts.SAVE.keys, self.answer, window=False)
        shortcuts.bind(self, "Esc", self.give_up, window=False)

    def start(self, words: Words, usual: Mapping[str, Json]) -> None:
        """Empty, with the usual values, or as the draft was left."""
        draft = self._file.drafts.get(self._name)
        blank = RecordState(self._plan.kind, "", {})
        self.form.load(self._file, words, blank, draft.body if draft else None, self._file.state.subject)
        if draft is None:
            self.form.set_typed(usual)
        elif typed_of(draft.body):
            self._state.set_text(draft_words(draft))
        QTimer.singleShot(0, self, self._appear)

    def answer(self) -> None:
        """Do the act."""
        if not self.form.may_save():
            return
        self.message.hide()
        self.save.refuse(t("saving"))
        try:
            future = self._submit(self.form.values())
        except JobdeskError as error:
            self._refused(error)
            return
        self._tools.ctx.save(future, self, self._said, self._done, self._refused)

    def give_up(self) -> None:
        """Take the form away and forget what was typed."""
        self._close()

    def _appear(self) -> None:
        bring_into_sight(self)
        self.form.first_field()

    def _done(self, _changes: Changes) -> None:
        self._close()

    def _refused(self, error: Exception) -> None:
        self.save.refuse("")
        if not isinstance(error, JobdeskError):
            self._tools.ctx.hub.trouble.emit(error)
            return
        field = self.form.field_named(str(error.params.get("field", "")))
        if field is not None:
            field.editor.setFocus()
            field.set_problem(sentence_of(error))
            return
        self.message.setText(sentence_of(error))
        self.message.show()

    def _close(self) -> None:
        self.form.drop_draft()
        self.hide()
        self.closed.emit()
        self.deleteLater()
