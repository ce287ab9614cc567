"""The fields of one record as a form: editors from the schema, problems, conflicts and drafts beside them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from jobdesk.cases import schema
from jobdesk.cases.clock import local_date
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.problems import Problem, problems_of
from jobdesk.cases.schema import FieldType
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.host.template_files import figures
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, label, t
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.drafts import freeze, has_arrived, renewed, thaw, typed_of
from jobdesk.ui.casefile.editors import Editor, Veiled, bring_typed, make_editor
from jobdesk.ui.casefile.form_plan import OPTIONAL, FormPlan
from jobdesk.ui.casefile.keeping import DraftKeeper
from jobdesk.ui.casefile.problems import problem_text
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Field, clear, column
from jobdesk.ui.signals import BareSignal, bare_signal

LABEL = 84
_WIDE = frozenset({FieldType.LONG_TEXT, FieldType.SET})


class FieldsForm(QWidget):
    """A form over one record.

    It keeps the record as it was loaded: what is saved replaces what its author saw and nothing else.

    Signals:
        changed: a person changed something.
    """

    changed: BareSignal = bare_signal()

    def __init__(self, ctx: Context, plan: FormPlan, looks: Looks, draft_key: str) -> None:
        super().__init__()
        self._ctx, self._plan, self._looks = ctx, plan, looks
        self._file: CaseFile | None = None
        self._words = Words(ctx.desk.today)
        self._subject = Subject("case", "")
        self.loaded = RecordState(plan.kind, "", {})
        self._editors: dict[str, Editor] = {}
        self._fields: dict[str, Field] = {}
        self._conflicts: dict[str, ConflictBox] = {}
        self._notes: dict[str, QBoxLayout] = {}
        self._below: dict[int, QBoxLayout] = {}
        self._touched: set[str] = set()
        self._tried = False
        self._stale = False
        """The fields still say who was here before."""
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self.setLayout(column(self._grid, gap=0))
        self._keeper = DraftKeeper(ctx, self, draft_key, self.draft_body)

    # ---- loading

    def begin(self, draft_key: str) -> None:
        """The form is about another person from now on; what was typed for the one before is kept."""
        if self._editors:
            self._keeper.keep_now()
        self._keeper.begin(draft_key)
        self.loaded = RecordState(self._plan.kind, "", {})
        self._stale = bool(self._editors)

    def load(
        self,
        file: CaseFile,
        words: Words,
        record: RecordState,
        body: Mapping[str, Json] | None = None,
        subject: Subject | None = None,
    ) -> None:
        """Show a record, and over it what was being typed when the form was left.

        Args:
            subject: whose record it is, where it is not this file's own.
        """
        first = not self._editors
        self._file, self._words = file, words
        self._subject = subject or file.state.subject
        if first:
            self._build(file)
        same = record.id == self.loaded.id and not first
        dirty = self.dirty if same else {}
        self._stale = False
        dirty = {n: v for n, v in dirty.items() if not has_arrived(n, v, self.loaded, record)}
        if body is not None and not same:
            dirty = {n: v for n, v in typed_of(body).items() if n in self._editors}
            self.loaded = thaw(body, record)
            self._keeper.came_back(body)
        elif dirty:
            self.loaded = renewed(self.loaded, record, dirty)
        else:
            self.loaded = record
            self._touched.clear()
            self._tried = False
        for name, editor in self._editors.items():
            if name not in dirty:
                if not (same and isinstance(editor, Veiled) and editor.is_open_with(self.loaded.get(name))):
                    editor.set_value(self.loaded.get(name))
            elif body is not None and not same:
                bring_typed(editor, dirty[name])
        self._show_conflicts(record)
        self._check()

    def _build(self, file: CaseFile) -> None:
        at, column_at = 0, 0
        active = [(s.id, s.name) for s in file.staff if s.is_active]
        names = {**file.clerks, **{s.id: s.name for s in file.staff}}
        for name in self._plan.fields:
            declared = schema.field(self._plan.kind, name)
            if declared is None:
                continue
            editor = make_editor(
                self._plan.kind, declared, active, self._ctx.desk.today,
                blank=self._blank_of(name), look=self._looks.ask,
                names=names, posts=file.posts,
            )  # fmt: skip
            hint = self._plan.hints.get(name, "")
            shown = Field(
                label(self._plan.kind, name),
                editor,
                where="above",
                needed=name in self._plan.needed,
                hint=t(hint) if hint else "",
            )
            box = ConflictBox(self._ctx, shown)
            box.hide()
            cell = QWidget()
            note = column(gap=0)
            cell.setLayout(column(shown, note, None, gap=4))
            self._notes[name] = note
            wide = declared.type in _WIDE or name in self._plan.wide
            if wide and column_at:
                at, column_at = at + 1, 0
            self._grid.addWidget(cell, 2 * at, column_at, 1, 2 if wide else 1)
            self._under(2 * at + 1).addWidget(box)
            at, column_at = (at + 1, 0) if wide or column_at else (at, 1)
            editor.changed.connect(lambda n=name: self._typed(n))
            editor.left.connect(self._left)
            self._editors[name], self._fields[name], self._conflicts[name] = editor, shown, box
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def _under(self, row: int) -> QBoxLayout:
        """The whole width under a line of fields: versions beside each other do not fit into half of it."""
        if row not in self._below:
            self._below[row] = column(gap=6)
            self._grid.addLayout(self._below[row], row, 0, 1, 2)
        return self._below[row]

    def _blank_of(self, name: str) -> str:
        return "" if name in OPTIONAL else t("blank")

    def _show_conflicts(self, record: RecordState) -> None:
        for name, box in self._conflicts.items():
            held = record.fields.get(name)
            in_question = held is not None and held.is_conflict and held.value is None
            self._editors[name].say_blank(t("disputed") if in_question else self._blank_of(name))
            if held is not None and held.is_conflict:
                box.show_conflict(self._subject, record, name, self._words)
                box.show()
            else:
                box.over(self._subject, record, name, self._words)

    # ---- what is typed

    def value_of(self, name: str) -> Json:
        """What stands in a field now."""
        return self._editors[name].value()

    def set_typed(self, values: Mapping[str, Json]) -> None:
        """Fill fields as if they had been typed (a new record's usual values)."""
        for name, value in values.items():
            if name in self._editors:
                bring_typed(self._editors[name], value)
        self._check()

    def values(self) -> dict[str, Json]:
        """All values of the form as typed."""
        return {n: e.value() for n, e in self._editors.items()}

    @property
    def dirty(self) -> dict[str, Json]:
        """Typed values that differ from what was loaded."""
        found: dict[str, Json] = {}
        if self._stale:
            return found
        for name, editor in self._editors.items():
            if isinstance(editor, Veiled) and editor.is_hidden:
                continue
            value, before = editor.value(), self.loaded.get(name)
            if _known(value) != _known(before):
                found[name] = value
        return found

    def problems(self) -> list[Problem]:
        """What is wrong or worth a second look, as the form stands."""
        values = {**self.loaded.values(), **self.values()}
        others = self._file.facts if self._file else CaseFacts("", {})
        return problems_of(
            self._plan.kind, {k: v for k, v in values.items() if v is not None}, self._ctx.desk.today,
            self._file.figures if self._file else figures(), others=others, record_id=self.loaded.id,
            entered_on=local_date(self.loaded.opened[0].ms) if self.loaded.opened else None,
        )  # fmt: skip

    def oddities(self) -> list[Problem]:
        """What cannot be true beside the rest of the file and has no reason yet, as the form stands."""
        return [p for p in self.problems() if p.odd and p.field in self._editors]

    def may_save(self) -> bool:
        """Show every problem; True when none of them blocks in a field of this form. An odd fact does not:
        who saves asks for its reason.
        """
        self._tried = True
        self._check()
        unread = [n for n, e in self._editors.items() if not e.readable]
        blocking = [p for p in self.problems() if p.blocks and not p.odd and p.field in self._editors]
        for name in (*unread, *(p.field for p in blocking)):
            self._editors[name].setFocus()
            return False
        return True

    def first_field(self) -> None:
        """Cursor into the first field."""
        for editor in self._editors.values():
            editor.setFocus()
            return

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields, in the order of the page."""
        return self._plan.fields

    def note_under(self, name: str, note: QWidget | None) -> None:
        """A quiet line under a field, instead of the one before."""
        place = self._notes.get(name)
        if place is not None:
            clear(place)
            if note is not None:
                place.addWidget(note)

    def field_named(self, name: str) -> Field | None:
        return self._fields.get(name)

    # ---- drafts

    def keep(self) -> None:
        """Keep what is being typed, at once (the person is left, the window closes)."""
        self._keeper.keep_now()

    def drop_draft(self) -> None:
        """The form was saved or thrown away."""
        self._keeper.drop()

    def draft_body(self) -> dict[str, Json] | None:
        """What is typed, with the versions it was typed on; None when nothing differs."""
        dirty = self.dirty
        return freeze(self.loaded, dirty) if dirty else None

    # ---- inside

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self._keeper.soon()
        self._check()
        self.changed.emit()

    def _left(self) -> None:
        self._keeper.keep_now()
        self._check()

    def _check(self) -> None:
        found: dict[str, str] = {}
        for problem in self.problems():
            if problem.field in found or problem.field not in self._fields:
                continue
            if problem.blocks and not (self._tried or problem.field in self._touched or self.loaded.id):
                continue
            if not problem.blocks and not (self._tried or self.loaded.id or problem.field in self._touched):
                continue
            found[problem.field] = problem_text(problem)
        for name in self._fields.keys() - found.keys():
            held = self.loaded.fields.get(name)
            if held is not None and held.is_odd and self._editors[name].value() in (None, "", []):
                found[name] = text("problem.value_odd")
        for name, shown in self._fields.items():
            if name not in found and not self._editors[name].readable:
                continue
            shown.set_problem(found.get(name))


def _known(value: Json) -> Json:
    """Blank texts and empty sets are nothing; False is something."""
    return None if value in ("", []) else value
