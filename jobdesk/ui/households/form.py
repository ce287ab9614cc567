"""A few fields of one record under a question: what an act of a household asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from jobdesk.cases import schema
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.cases.problems import problems_of
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import has, text
from jobdesk.host.template_files import figures
from jobdesk.services.revealing import log_look
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import label
from jobdesk.ui.casefile.drafts import freeze, thaw, typed_of
from jobdesk.ui.casefile.editors import Editor, Staff, make_editor
from jobdesk.ui.casefile.kept_ask import KeptAsk
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Field, column
from jobdesk.ui.signals import BareSignal, bare_signal

LABEL = 112


class SmallForm(QWidget):
    """Editors of some fields, from the schema.

    Args:
        needed: fields with a star. usual: values that stand in it at first.
        loaded: what a save is based on where it is not ``record`` (an act begins with empty fields).

    Signals:
        edited: somebody typed.
    """

    edited: BareSignal = bare_signal()

    def __init__(
        self, ctx: Context, record: RecordState, names: Sequence[str], staff: Staff, *,
        needed: frozenset[str] = frozenset(), usual: Mapping[str, Json] | None = None, subject: str = "",
        loaded: RecordState | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.loaded = loaded or record
        self._ctx, self._record, self._subject = ctx, record, subject
        self.editors: dict[str, Editor] = {}
        self.fields: dict[str, Field] = {}
        for name in names:
            declared = schema.field(record.kind, name)
            assert declared is not None, name
            editor = make_editor(
                record.kind, declared, staff, ctx.desk.today, blank="", look=self._look, names=dict(staff)
            )
            editor.set_name(label(record.kind, name))
            value = record.get(name)
            editor.set_value((usual or {}).get(name) if value is None else value)
            editor.changed.connect(lambda n=name: self._typed(n))
            self.editors[name] = editor
            self.fields[name] = Field(
                label(record.kind, name), editor, needed=name in needed, label_width=LABEL
            )
        self._needed = needed
        self._first = self.values()
        self.setLayout(column(*self.fields.values(), gap=8))
        if self.editors:
            self.setFocusProxy(next(iter(self.editors.values())))

    def values(self) -> dict[str, Json]:
        return {n: e.value() for n, e in self.editors.items()}

    def draft(self) -> Mapping[str, Json] | None:
        """What was typed, with what was known then; None while everything stands as it was opened."""
        typed = {n: v for n, v in self.values().items() if v != self._first[n]}
        return freeze(self.loaded, typed) if typed else None

    def bring_back(self, body: Mapping[str, Json]) -> bool:
        """The form as it was left, on what its author had seen; False when somebody has typed since."""
        if self.draft() is not None:
            return False
        self.loaded = thaw(body, self.loaded)
        for name, value in typed_of(body).items():
            if name in self.editors:
                self.editors[name].set_value(value)
        return True

    def _typed(self, name: str) -> None:
        self.fields[name].set_problem(None)
        self.edited.emit()

    def ready(self) -> bool:
        """Whether it may be sent; what keeps it stands beside the field."""
        values = self.values()
        merged = {**self._record.values(), **{k: v for k, v in values.items() if v is not None}}
        told: dict[str, str] = {}
        found = problems_of(self._record.kind, merged, self._ctx.desk.today, figures())
        for problem in found:
            if problem.field in self.fields and (problem.blocks or problem.field not in told):
                told[problem.field] = text(f"problem.{problem.code}", **dict(problem.params))
        blocked = {p.field for p in found if p.blocks}
        for name in self._needed:
            if values.get(name) in (None, ""):
                told[name] = text("households.needed")
                blocked.add(name)
        for name, editor in self.editors.items():
            if not editor.readable:
                told.setdefault(name, text("kit.date_unreadable"))
                blocked.add(name)
        for name, field in self.fields.items():
            field.set_problem(told.get(name))
        return blocked.isdisjoint(self.fields)

    def say(self, name: str, sentence: str) -> bool:
        """A refusal beside its field; False where that field is not here."""
        field = self.fields.get(name)
        if field is None:
            return False
        field.set_problem(sentence)
        return True

    def _look(self, name: str, then: Callable[[], None]) -> None:
        future = log_look(self._ctx.desk, "reveal", subject_id=self._subject, field=name)
        self._ctx.ask(future, self, lambda _none: then())


class FormAsk(KeptAsk):
    """A question with a small form; a refusal stands beside its field, and nothing typed is lost.

    Args:
        send: called with the values; the future of the save.
        draft: key under which what is typed is kept until it is saved or given up.
    """

    def __init__(
        self, ctx: Context, title: str, sentence: str, form: SmallForm, do: str,
        send: Callable[[dict[str, Json]], Future[Changes]], said: str,
        done: Callable[[Changes], object] | None = None,
        above: Sequence[QWidget] = (), draft: str = "",
    ) -> None:  # fmt: skip
        self._ctx, self._form, self._send, self._said, self._done = ctx, form, send, said, done
        self._sending = False
        super().__init__(title, sentence, [*above, form], do, self._answer)
        self.keep_under(ctx, draft, form.draft)
        form.edited.connect(self.soon)

    def bring_back(self, body: Mapping[str, Json]) -> bool:
        return self._form.bring_back(body)

    def _answer(self) -> None:
        if self._sending or not self._form.ready():
            return
        self.say("")
        try:
            future = self._send(self._form.values())
        except Refused as refused:
            self._failed(refused)
            return
        self._sending = True
        self._ctx.save(future, self, self._said, self._saved, self._failed)

    def _saved(self, changes: Changes) -> None:
        self.close_ask()
        if self._done is not None:
            self._done(changes)

    def _failed(self, error: Exception) -> None:
        self._sending = False
        if not isinstance(error, Refused):
            self._ctx.hub.trouble.emit(error)
            return
        key = f"error.{error.code}"
        sentence = text(key, **error.params) if has(key) else error.code
        if not self._form.say(str(error.params.get("field", "")), sentence):
            self.say(sentence)
