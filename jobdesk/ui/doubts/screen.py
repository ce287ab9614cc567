"""待核对: look through what cannot be true, open the file at the record, or say why it may stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from jobdesk.cases.basis import Basis
from jobdesk.cases.oddities import Oddity
from jobdesk.host.strings import text
from jobdesk.services.desk import case_subject
from jobdesk.services.doubts import Doubts, basis_of, doubts
from jobdesk.services.overriding import let_stand
from jobdesk.store.log import Connection
from jobdesk.ui import basis_view, shortcuts
from jobdesk.ui.above import stations_only
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.doubts.state import TABS, beside, columns, id_of, row_of, ways
from jobdesk.ui.doubts.view import DoubtsView
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import column, show_basis
from jobdesk.ui.ledger.latest import Latest
from jobdesk.ui.ledger.state import day_text
from jobdesk.ui.table import Row, Table


class DoubtsScreen(Screen):
    """The list and the reason."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._found = Doubts((), {}, 0, ())
        self._by_id: dict[str, Oddity] = {}
        self.table = Table(columns(), self._fetch, many=False)
        self.view = DoubtsView(self.table)
        self.setLayout(column(self.view, gap=0))
        self._reader = Latest(ctx, self, self._read, self._show)
        view = self.view
        self.table.current.connect(self._moved)
        self.table.opened.connect(lambda _id: self.open_file())
        view.basis.clicked.connect(lambda _on=False: self.ask_basis())
        view.stand.clicked.connect(lambda _on=False: self.ask_reason())
        view.keep.clicked.connect(lambda _on=False: self.keep())
        view.reason.returnPressed.connect(self.keep)
        view.to_conflicts.clicked.connect(lambda _on=False: ctx.go("conflicts"))
        view.to_held.clicked.connect(lambda _on=False: self._go_to_held())
        stations_only(ctx, view.to_held)
        shortcuts.bind(view.bar, "Esc", self._hide_bar, window=False)
        ctx.hub.changed.connect(self._changed)

    def arrive(self, where: GoTo) -> None:
        """Read anew; the list has the cursor."""
        self._reader.ask(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_file(self) -> None:
        """The person's file, at the record."""
        one = self._current()
        if one is not None:
            self.ctx.go("ledger", one.case_id, part=TABS.get(one.record[0], ""), detail=one.record[1])

    def ask_basis(self) -> None:
        """查看依据: why the two do not go together, and where each is corrected."""
        one = self._current()
        if one is None:
            return
        desk = self.ctx.desk
        found = desk.read(lambda con: basis_of(con, desk, one))
        self.ctx.ask(found, self, lambda basis: self._show_basis(one, basis))

    def _show_basis(self, one: Oddity, basis: Basis) -> None:
        if id_of(one) != self.table.current_id():
            return
        item = self._found.items.get(one.case_id)
        shown = basis_view.shown(
            basis, lambda iso: day_text(iso, self.ctx.desk.day), who=item.name if item else "",
            ways=ways(one, basis, self.ctx.go),
        )  # fmt: skip
        show_basis(self.view.basis, shown)

    def ask_reason(self) -> None:
        """Open the line for the reason of the fact under the cursor."""
        one = self._current()
        if one is None or one.reason:
            return
        self.view.bar.show()
        self.view.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> None:
        """Write the reason down."""
        one, reason = self._current(), self.view.reason.value().strip()
        self.view.problem.setText(text("casefile.odd_reason_needed"))
        self.view.problem.setVisible(one is not None and not reason)
        if one is None or not reason:
            return
        future = let_stand(self.ctx.desk, case_subject(one.case_id), one.record, [one.problem.code], reason)
        self.ctx.save(future, self, text("doubts.kept"), lambda _done: self._hide_bar())

    def _hide_bar(self) -> None:
        self.view.reason.set_value("")
        self.view.problem.hide()
        self.view.bar.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _current(self) -> Oddity | None:
        return self._by_id.get(self.table.current_id())

    def _read(self, con: Connection, _question: int) -> Doubts:
        return doubts(con, self.ctx.desk)

    def _show(self, _question: int, found: Doubts) -> None:
        self._found = found
        self._by_id = {id_of(one): one for one in found.odd}
        self.table.set_ids(tuple(self._by_id))
        view = self.view
        view.stack.setCurrentIndex(0 if found.odd else 1)
        waiting = sum(not one.reason for one in found.odd)
        view.count.setText(text("doubts.count", waiting=waiting, stands=len(found.odd) - waiting))
        words = beside(found)
        view.beside.setText(words)
        view.more.setVisible(bool(words))
        view.to_conflicts.setVisible(found.conflicts > 0)
        view.to_held.setVisible(bool(found.held))
        self._moved(self.table.current_id())

    def _fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        return [row_of(self._by_id[i], self._found, self.ctx.desk.day) for i in ids if i in self._by_id]

    def _moved(self, row_id: str) -> None:
        one = self._by_id.get(row_id)
        self.view.basis.refuse(text("doubts.choose_first") if one is None else "")
        self.view.stand.refuse(
            text("doubts.choose_first") if one is None else text("doubts.has_reason") if one.reason else ""
        )

    def _go_to_held(self) -> None:
        if self._found.held:
            self.ctx.go("import", self._found.held[0][0], part="held")

    def _changed(self, changed: Changed) -> None:
        if self.isVisible():
            self._reader.ask(0)
