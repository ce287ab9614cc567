"""A part of 概况: fields of the person, typed in place and saved together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.beside import Beside
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.proofs import PROVABLE
from jobdesk.services.case_files import DRAFT, CaseFile
from jobdesk.services.editing import save_record
from jobdesk.services.overriding import save_with_reason
from jobdesk.store.station_file import Changes
from jobdesk.ui import shortcuts
from jobdesk.ui.case_words import Words, is_veiled, label, t
from jobdesk.ui.casefile.form import FieldsForm
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.merged_line import fits, merged_line
from jobdesk.ui.casefile.odd_reason import OddReason
from jobdesk.ui.casefile.page import Tools, note
from jobdesk.ui.casefile.proof_line import ProofSlot
from jobdesk.ui.casefile.record_editor import draft_words
from jobdesk.ui.kit import Button, Text, column, frame, row


class RootSection(QFrame):
    """One card of 概况.

    Args:
        key: names the section in drafts and in ``casefile.section.<key>``.
        below: what stands under the fields (print buttons).
    """

    def __init__(
        self, tools: Tools, key: str, fields: Sequence[str], *, wide: Sequence[str] = (),
        hints: dict[str, str] | None = None, remark: str = "", below: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        self._tools, self._key = tools, key
        self.title = t(f"section.{key}")
        plan = FormPlan("case", tuple(fields), frozenset(wide), hints=hints or {})
        self.form = FieldsForm(tools.ctx, plan, tools.looks, f"{DRAFT}/{key}")
        self._said = Text("", "caption", "ok")
        self._save = Button(t("save"), "primary", on_click=self.save)
        self.odd = OddReason()
        self.proofs = ProofSlot(tools, fields)
        self._bar = frame(
            row(self._save, Button(t("give_up"), "bare", on_click=self.give_up), None,
                Text(t("save_key"), "caption", "ink_3"))
        )  # fmt: skip
        self._bar.hide()
        parts = [self.form, self.proofs, self.odd, *([below] if below else []), self._bar]
        head = row(Text(self.title, bold=True), None, self._said)
        remarks = [note(remark)] if remark else []
        self.setLayout(column(head, *remarks, *parts, gap=10, pad=(16, 14, 16, 14)))
        self.form.changed.connect(self._changed)
        shortcuts.bind(self, shortcuts.SAVE.keys, self.save, window=False)

    def begin(self, case_id: str) -> None:
        self.form.begin(f"{DRAFT}{case_id}/{self._key}")
        self.proofs.begin()
        self._said.set_text("")

    def show_file(self, file: CaseFile, words: Words) -> None:
        draft = file.drafts.get(self._key)
        self._file, self._words = file, words
        self.form.load(file, words, file.state.root, draft.body if draft else None)
        self.proofs.show_file(file, words)
        for name in self.form.fields:
            proof = self.proofs.line(name) if name in PROVABLE else None
            lines = [w for w in (merged_line(file, words, name, self._take), proof) if w is not None]
            self.form.note_under(name, frame(column(*lines, gap=4)) if lines else None)
        if draft is not None and self.form.dirty:
            self._said.set_text(draft_words(draft))
        self._changed()

    def save(self) -> None:
        """Save what differs from what was loaded; problems that block stand beside their fields."""
        changed = self.form.dirty
        if not changed or not self.form.may_save() or not self.odd.answers(self.form.oddities()):
            return
        self._save.refuse(t("saving"))
        desk, subject, loaded = self._tools.ctx.desk, self._file.state.subject, self.form.loaded
        codes = [p.code for p in self.form.oddities()]
        future = (
            save_with_reason(desk, subject, loaded, changed, codes, self.odd.reason)
            if codes
            else save_record(desk, subject, loaded, changed)
        )
        self._tools.ctx.save(future, self, t("saved_section", section=self.title), self._saved, self._failed)

    def _take(self, name: str, one: Beside) -> None:
        """A value of a merged file is written here at once; one that does not stand beside the rest of this
        file goes into its field, where that is told and answered, and so does one for a field that is being
        typed in: written beside it, it would be a second value of the same clerk.
        """
        desk, state = self._tools.ctx.desk, self._file.state
        field = self.form.field_named(name)
        if field is not None:
            field.editor.setFocus()
        if name in self.form.dirty or not fits(self._file, name, one.written, desk.today):
            if is_veiled("case", name, one.written):
                self._tools.looks.ask(name, lambda: self._type(name, one.written))
            else:
                self._type(name, one.written)
            return
        future = save_record(desk, state.subject, state.root, {name: one.written})
        said = t("merged_taken", field=label("case", name))
        self._tools.ctx.save(future, self, said, None, self._failed)

    def _type(self, name: str, value: Json) -> None:
        self.form.set_typed({name: value})
        self.form.may_save()
        self._changed()

    def give_up(self) -> None:
        """Back to what stands in the file."""
        self.form.drop_draft()
        self.form.loaded = self.form.loaded.__class__(self.form.loaded.kind, "", {})
        self.form.load(self._file, self._words, self._file.state.root)
        self._said.set_text("")
        self._changed()

    def keep(self) -> None:
        self.form.keep()
        self.proofs.keep()

    def _saved(self, _changes: Changes) -> None:
        self._save.refuse("")
        self._said.set_text("")
        self.form.drop_draft()

    def _failed(self, error: Exception) -> None:
        self._save.refuse("")
        self._tools.ctx.hub.trouble.emit(error)

    def _changed(self) -> None:
        self._bar.setVisible(bool(self.form.dirty))
        self.odd.show_for(self.form.oddities() if self.form.dirty else [])
