"""Adding a record, filling it up, correcting it with a reason: the same form for every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.ops import Json, Kind, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import DRAFT, CaseFile
from jobdesk.services.drafting import keep_draft
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.overriding import reasons, save_with_reason
from jobdesk.store.local import Draft
from jobdesk.store.station_file import Changes
from jobdesk.ui import shortcuts
from jobdesk.ui.case_words import Words, record_name, t
from jobdesk.ui.casefile.drafts import typed_of
from jobdesk.ui.casefile.form import LABEL, FieldsForm
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.odd_reason import OddReason
from jobdesk.ui.casefile.page import Page
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Button, Field, Text, TextInput, column, row, rule
from jobdesk.ui.signals import BareSignal, bare_signal

MOVING: Mapping[str, frozenset[str]] = {
    "recognition": frozenset({"state", "main", "source", "authority", "number", "checked_on"}),
    "registration": frozenset({"source", "checked_on"}),
    "placement": frozenset({"verified_on", "verified_how", "source", "checked_on"}),
    "measure": frozenset({"state", "done_on", "result", "owner", "owner_text"}),
    "member": frozenset({"state"}),
    "attachment": frozenset({"title"}),
}
"""Fields that move on in the ordinary course: changing them is no correction and asks for no reason."""
REASON = "_reason"

Saver = Callable[[RecordState, Mapping[str, Json], str], Future[Changes]]
"""(record as loaded, changed values, reason of a correction or "") → the save."""


def corrects(record: RecordState, changed: Mapping[str, Json]) -> bool:
    """Whether a change replaces something that was said before, so that it needs a reason."""
    moving = MOVING.get(record.kind, frozenset[str]())
    return bool(record.id) and any(record.get(n) not in (None, "", []) and n not in moving for n in changed)


class RecordEditor(QFrame):
    """The form of one record, new (``record.id`` empty) or standing.

    Signals:
        closed: saved or given up; the editor is to be taken away.
    """

    closed: BareSignal = bare_signal()

    def __init__(
        self, ctx: Context, looks: Looks, plan: FormPlan, record: RecordState, subject: Subject, case_id: str,
        *, title: str = "", saver: Saver | None = None, said: str = "", draft_part: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        self._ctx, self._plan, self._subject = ctx, plan, subject
        self._record = record
        self._saver = saver
        self._said = said
        self.draft_name = draft_name(plan.kind, record.id, draft_part)
        self._case_id = case_id
        self._draft_key = f"{DRAFT}{case_id}/{self.draft_name}"
        self.form = FieldsForm(ctx, plan, looks, self._draft_key)
        self._reason = TextInput()
        self._reason_field = Field(t("correction_reason"), self._reason, needed=True, label_width=LABEL)
        self._reason_field.hide()
        self.odd = OddReason()
        self._state = Text("", "caption", "ok")
        self._save = Button(t("save"), "primary", on_click=self.save)
        heading = title or t("correct_title" if record.id else "add_title", what=record_name(plan.kind))
        self.setLayout(
            column(
                row(Text(heading, bold=True), None, self._state),
                self.form,
                self._reason_field,
                self.odd,
                rule(),
                row(self._save, Button(t("cancel"), "bare", on_click=self.cancel), None,
                    Text(t("save_key"), "caption", "ink_3")),
                gap=10, pad=(14, 12, 14, 12),
            )
        )  # fmt: skip
        self.form.changed.connect(self._changed)
        shortcuts.bind(self, shortcuts.SAVE.keys, self.save, window=False)
        shortcuts.bind(self, "Esc", self.cancel, window=False)

    def start(self, file: CaseFile, words: Words, usual: Mapping[str, Json] | None = None) -> None:
        """Load the record, its draft over it, or a new record's usual values."""
        draft = file.drafts.get(self.draft_name)
        self.form.load(file, words, self._record, draft.body if draft else None, self._subject)
        if draft is None and usual:
            self.form.set_typed(usual)
        if draft is not None:
            self._state.set_text(draft_words(draft))
        self._changed()
        QTimer.singleShot(0, self, self.form.first_field)

    def refresh(self, file: CaseFile, words: Words, record: RecordState) -> None:
        """The file changed beside the form: untouched fields follow, typed ones stay."""
        self._record = record
        self.form.load(file, words, record, None, self._subject)

    def save(self) -> None:
        """Save when nothing blocks; otherwise the problems stand beside their fields."""
        changed = self.form.dirty
        reason = self._reason.value()
        if not self.form.may_save():
            return
        needs = corrects(self.form.loaded, changed)
        self._reason_field.set_problem(t("reason_needed") if needs and not reason else None)
        if needs and not reason:
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.odd.answers(self.form.oddities()):
            return
        if not changed:
            self.cancel()
            return
        self._save.refuse(t("saving"))
        future = self._future(changed, reason if needs else "")
        self._ctx.save(future, self, self._said or self._sentence(), self._saved, self._failed)

    def cancel(self) -> None:
        """Give up what was typed; the toast brings it back as a draft."""
        body, key, ctx, case_id = self.form.draft_body(), self._draft_key, self._ctx, self._case_id
        self._close()
        if body is None:
            return

        def back() -> None:
            ctx.ask(keep_draft(ctx.desk, key, body), ctx, lambda _none: kept())

        def kept() -> None:
            ctx.hub.changed.emit(Changed(frozenset({case_id})))
            ctx.hub.notice.emit(Notice(t("kept_as_draft")))

        ctx.hub.notice.emit(Notice(t("given_up"), back))

    def _close(self) -> None:
        """The cursor goes back to the file: with the form it would fall to whatever comes next."""
        self.form.drop_draft()
        at = cast("QWidget | None", self.window().focusWidget())
        if at is not None and self.isAncestorOf(at):
            above = self.parentWidget()
            while above is not None and not isinstance(above, Page):
                above = above.parentWidget()
            if above is not None:
                above.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keep(self) -> None:
        self.form.keep()

    def _future(self, changed: Mapping[str, Json], reason: str) -> Future[Changes]:
        loaded = self.form.loaded
        odd = [p.code for p in self.form.oddities()]
        if odd and not reason and self._saver is None:
            return save_with_reason(self._ctx.desk, self._subject, loaded, changed, odd, self.odd.reason)
        also = (
            reasons(self._ctx.desk, self._subject, (loaded.kind, loaded.id), odd, self.odd.reason)
            if odd
            else ()
        )
        if self._saver is not None:
            return self._saver(loaded, changed, reason)
        if not loaded.id:
            return add_record(self._ctx.desk, self._subject, self._plan.kind, changed)
        kind = Kind.RECORD_CORRECTED if reason else Kind.FIELDS_SET
        return save_record(self._ctx.desk, self._subject, loaded, changed, kind=kind, reason=reason or None,
                           also=also)  # fmt: skip

    def _sentence(self) -> str:
        return t("saved_record", what=record_name(self._plan.kind))

    def _saved(self, _changes: Changes) -> None:
        self._close()

    def _failed(self, error: Exception) -> None:
        self._save.refuse("")
        self._ctx.hub.trouble.emit(error)

    def _changed(self) -> None:
        self._reason_field.setVisible(corrects(self.form.loaded, self.form.dirty))
        self.odd.show_for(self.form.oddities() if self.form.dirty else [])


def draft_name(kind: str, record_id: str, part: str = "") -> str:
    """Name of the draft of a record's form within the file."""
    return "/".join(p for p in ("record", kind, record_id or "new", part) if p)


def draft_words(draft: Draft) -> str:
    """草稿 09:42 已存."""
    return t("draft_kept", time=f"{local_datetime(draft.saved_ms):%H:%M}") if typed_of(draft.body) else ""
