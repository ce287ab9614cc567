"""来访来电登记: one line for somebody who is not on the books, and a file of it on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt

from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.drafting import drop_draft, find_drafts, keep_draft
from jobdesk.services.registering import Registered
from jobdesk.services.staffing import clerks_elsewhere, staff_of
from jobdesk.services.walk_ins import note_walk_in, open_file_for, walk_ins
from jobdesk.store.local import Draft
from jobdesk.store.log import Connection
from jobdesk.store.reads import Record
from jobdesk.ui.above import reason_above, refused_above
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import TextInput, column
from jobdesk.ui.ledger.latest import Latest
from jobdesk.ui.table import Row, Table
from jobdesk.ui.walk_ins.state import columns, problem_of, row_of
from jobdesk.ui.walk_ins.view import WalkInsView

DRAFT_KEY = "walk_in"
_FIELDS = ("name", "phone", "matter", "answer")


@dataclass(frozen=True, slots=True)
class _Lines:
    records: tuple[Record, ...]
    staff: dict[str, str]


class WalkInsScreen(Screen):
    """The line and the list."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._lines = _Lines((), {})
        self._rows: dict[str, Row] = {}
        self.table = Table(columns(), self._fetch, many=False)
        self.view = WalkInsView(self.table)
        self.setLayout(column(self.view, gap=0))
        self._reader = Latest(ctx, self, self._read, self._show)
        self._keeper = ctx.tasks.later(0, self, self.keep)
        self._keeper.stop()
        self._kept: dict[str, Json] = {}
        self.view.channel.set_value("phone")
        self._wire()

    def arrive(self, where: GoTo) -> None:
        """The cursor stands in the line; what was not kept is back."""
        self.reload()
        self.ctx.ask(find_drafts(self.ctx.desk, DRAFT_KEY), self, self._restore)
        first = self.table if self.ctx.above else self.view.name
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if where.subject:
            self.table.go_to(where.subject)

    def leave(self) -> None:
        """Keep what is typed."""
        self.keep()

    def reload(self) -> None:
        """Read the lines again."""
        self._reader.ask(0)

    def values(self) -> dict[str, Json]:
        """What stands in the line."""
        out: dict[str, Json] = {n: box.value() for n in _FIELDS if (box := self._box(n)).value()}
        return {**out, "channel": self.view.channel.value()} if out else {}

    def keep(self) -> None:
        """Keep the draft where something new was typed."""
        values = self.values()
        if values != self._kept:
            self._kept = values
            desk = self.ctx.desk
            future = (
                keep_draft(desk, DRAFT_KEY, {"values": values}) if values else drop_draft(desk, DRAFT_KEY)
            )
            self.ctx.ask(future, self, lambda _: None)

    def save(self) -> None:
        """Keep the line; the form is free for the next."""
        if refused_above(self.ctx):
            return
        values = self.values()
        field, words = problem_of(values)
        self._say(words)
        if field:
            self._box(field).setFocus()
            return

        def saved(_changes: object) -> None:
            self._clear()
            self.keep()
            self.view.name.setFocus()

        self.ctx.save(note_walk_in(self.ctx.desk, values), self, text("walk_ins.kept"), saved)

    def open_file(self) -> None:
        """建档 of the line under the cursor, or the file it has."""
        line = next((r for r in self._lines.records if r.id == self.table.current_id()), None)
        if line is None:
            return
        if line.text("case"):
            self.ctx.go("ledger", line.text("case"))
            return
        if refused_above(self.ctx):
            return
        if not line.text("name"):
            self._say(text("walk_ins.name_needed"))
            return

        def opened(done: Registered) -> None:
            self.ctx.announce(done.changes, text("walk_ins.file_opened", name=line.text("name")))
            self.ctx.go("ledger", done.case_id)

        self.ctx.ask(open_file_for(self.ctx.desk, line.id), self, opened)

    # ---- parts

    def _box(self, name: str) -> TextInput:
        return getattr(self.view, name)

    def _say(self, words: str) -> None:
        self.view.problem.setText(words)
        self.view.problem.setVisible(bool(words))

    def _clear(self) -> None:
        for name in _FIELDS:
            self._box(name).set_value("")

    def _read(self, con: Connection, _question: int) -> _Lines:
        own = {s.id: s.name for s in staff_of(con, self.ctx.desk)}
        staff = clerks_elsewhere(con, self.ctx.desk) | own
        return _Lines(tuple(walk_ins(con)), staff)

    def _show(self, _question: int, lines: _Lines) -> None:
        self._lines = lines
        day = self.ctx.desk.today
        self._rows = {r.id: row_of(r, day, lines.staff) for r in lines.records}
        self.table.set_ids(tuple(r.id for r in lines.records))
        self.view.stack.setCurrentIndex(0 if lines.records else 1)
        self.view.count.setText(text("walk_ins.count", count=len(lines.records)))
        self._moved(self.table.current_id())

    def _fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        return [self._rows[i] for i in ids if i in self._rows]

    def _moved(self, line_id: str) -> None:
        line = next((r for r in self._lines.records if r.id == line_id), None)
        reason = "" if line is not None else text("walk_ins.choose_first")
        if line is not None and not line.text("case"):
            reason = reason_above(self.ctx)
        self.view.open_file.refuse(reason)

    def _restore(self, drafts: list[Draft]) -> None:
        body = next((d.body.get("values") for d in drafts if d.key == DRAFT_KEY), None)
        if not self.values() and isinstance(body, dict):
            self._kept = dict(body)
            for name in _FIELDS:
                self._box(name).set_value(str(body.get(name) or ""))
            self.view.channel.set_value(str(body.get("channel") or "phone"))

    def _changed(self, changed: Changed) -> None:
        if self.isVisible():
            self.reload()

    def _wire(self) -> None:
        for name in _FIELDS:
            box = self._box(name)
            box.typed.connect(lambda _words: self._keeper.start(2500))
            box.returnPressed.connect(self._entered)
        self.view.keep.clicked.connect(lambda _on=False: self.save())
        self.view.open_file.clicked.connect(lambda _on=False: self.open_file())
        self.table.current.connect(self._moved)
        self.table.opened.connect(lambda _id: self.open_file())
        self.ctx.hub.changed.connect(self._changed)
        self.ctx.above_changed.connect(self._stands_above)
        self._stands_above(self.ctx.above)

    def _stands_above(self, above: bool) -> None:
        """Lines are written where people come to: above stations they are only read."""
        self.view.typing.setVisible(not above)
        self.view.above.setVisible(above)
        more = "none_above" if above else "none_more"
        self.view.nobody.say(text("walk_ins.none"), text(f"walk_ins.{more}"))
        self._moved(self.table.current_id())

    def _entered(self) -> None:
        """Enter goes on to the next box, and keeps the line from the last."""
        at = next((n for n in _FIELDS if self._box(n).hasFocus()), _FIELDS[-1])
        if at == _FIELDS[-1]:
            self.save()
        else:
            self._box(_FIELDS[_FIELDS.index(at) + 1]).setFocus()
