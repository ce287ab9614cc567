"""台账: asks, shows, and leads to the person's file. Nothing here waits for the station file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jobdesk.cases.templates import ServiceTemplate
from jobdesk.host.strings import text
from jobdesk.host.template_files import service_rules, template
from jobdesk.services.listing import FIRST_ROWS, Choices, Found, Line, Rules, choices, find, first_rows
from jobdesk.services.station_rules import station_rules
from jobdesk.services.views import SavedView, columns_here, keep_columns, views_of
from jobdesk.store.ledger import SORTS, LedgerQuery
from jobdesk.store.log import Connection
from jobdesk.ui import shortcuts
from jobdesk.ui.above import stations_only
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.importing.drop import DropTarget
from jobdesk.ui.kit import EmptyState, column
from jobdesk.ui.ledger.doing import Doing
from jobdesk.ui.ledger.keeping import DatesKeeper
from jobdesk.ui.ledger.latest import Latest
from jobdesk.ui.ledger.moved_away import MovedAway
from jobdesk.ui.ledger.source import RowSource
from jobdesk.ui.ledger.state import USUAL, Look, columns, is_narrowed, next_filter, status_parts
from jobdesk.ui.ledger.table import PeopleTable
from jobdesk.ui.ledger.view import LedgerView
from jobdesk.ui.searchbox import SearchKey
from jobdesk.ui.table import Sort

PANEL_AFTER = 140
"""Milliseconds the cursor rests before the file beside the list follows it."""
PANEL_AFTER_TYPING = 400
"""The same while the words are still being typed: building a file between two letters would be felt."""
RELOAD_AFTER = 120
WHOLE_AFTER = 25
"""Milliseconds between the first rows and the question for everybody: both at once would keep each other
waiting, and while somebody types fast only the last word needs it."""


class FilePanel(Protocol):
    """The person's file beside the list, made by the composition root."""

    def show_case(self, case_id: str, part: str = "", detail: str = "") -> None: ...
    def clear(self) -> None: ...


MakePanel = Callable[[], QWidget]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the list and changes seldom."""

    choices: Choices
    views: list[SavedView]
    columns: tuple[str, ...] | None
    template: ServiceTemplate


class LedgerScreen(Screen):
    """The list of everybody on the books."""

    def __init__(self, ctx: Context, make_panel: MakePanel | None = None) -> None:
        super().__init__(ctx)
        self.query = LedgerQuery()
        self.view_name = ""
        self.choices = Choices()
        self.views: list[SavedView] = []
        self.rules = Rules(template(), service_rules(), ctx.desk.day, ctx.desk)
        self.found: Found | None = None
        self._typed_at = 0
        self._shown_case = ""
        self._beside: tuple[str, LedgerQuery] | None = None
        """Whose file stood at the side while this list named them, or a guest's."""
        self._to_open = ""
        self._left = False
        self._entered: LedgerQuery | None = None
        """Enter was pressed in the header's search for this; the answer opens who alone was found."""
        self.source = RowSource(ctx, self, lambda: self.rules, self.look, self._arrived)
        self.table = PeopleTable(columns(), self.source.fetch)
        self.table.choose_columns(USUAL)
        self.panel = make_panel() if make_panel else None
        side = self.panel or EmptyState("user", text("ledger.choose_one"))
        self._found_ended = False
        self.away = MovedAway(ctx, self._see_away, self._ended_found)
        self.view = LedgerView(self.table, side, ctx.desk.day, self.away)
        self.doing = Doing(self)
        self.dates = DatesKeeper(ctx, self)
        self._first = Latest(ctx, self, self._read_first, self._show_first)
        self._whole = Latest(ctx, self, self._read_whole, self._show_whole)
        self._choices = Latest(ctx, self, self._read_choices, self._show_choices)
        self._panel_timer = ctx.tasks.later(0, self, self._show_panel)
        self._reload_timer = ctx.tasks.later(0, self, self.reload)
        self._whole_timer = ctx.tasks.later(0, self, lambda: self._whole.ask(self.query))
        for timer in (self._panel_timer, self._reload_timer, self._whole_timer):
            timer.stop()
        self.setLayout(column(self.view, gap=0))
        self._wire()

    # ---- what other parts use

    def arrive(self, where: GoTo) -> None:
        """``part``: ``search`` (``detail`` the words), ``only`` (the same; Enter was pressed), ``filter``
        (``detail`` its name), else of a file.
        """
        self._left = False
        self._count_from(self.ctx.desk.day)
        self._panel_timer.start(PANEL_AFTER)  # the cursor may have moved just before the place was left
        if where.part == "search":
            self.search(where.detail)
        elif where.part == "only":
            self.search(where.detail)
            self._entered = self.query
            self._ask_whole()
        elif where.part == "filter":
            self.narrow_to(where.detail)
        elif where.subject:
            self.show_person(where.subject, where.part, where.detail)
        self._reload_timer.start(0)

    def leave(self) -> None:
        """Nothing is asked any more for a list out of sight: the file may be closed next."""
        self._left = True
        for timer in (self._panel_timer, self._reload_timer, self._whole_timer):
            timer.stop()

    def search(self, words: str) -> None:
        """Narrow to what was typed in the header."""
        self.view.search.set_text(words)
        self._typed(words)

    def search_key(self, key: SearchKey) -> None:
        """Arrows and Enter of a search box act on the list."""
        if key == "down":
            self.table.setFocus()
        elif key == "enter":
            self.table.setFocus()
            if self.table.current_id():
                self.open_person(self.table.current_id())
            elif not self.table.rows.rowCount():
                self.away.enter()

    def narrow_to(self, name: str) -> None:
        """``overdue lacking conflicts``, or ``missing:``, ``category:``, ``list:`` with a code or name."""
        usual, (kind, _, value) = LedgerQuery(), name.partition(":")
        made = {
            "overdue": next_filter(usual, "overdue", self.ctx.desk.day),
            "lacking": replace(usual, missing="any"),
            "conflicts": replace(usual, conflicts_only=True),
            "missing": replace(usual, missing=value),
            "category": replace(usual, category=value),
            "list": replace(usual, in_list=value),
        }
        self.show_query(made.get(kind, usual))

    def show_person(self, case_id: str, part: str = "", detail: str = "") -> None:
        """Put the cursor on somebody and open the file; a filter that hides the person is taken away."""
        if not self.table.go_to(case_id):
            self.show_query(LedgerQuery())
            self._to_open = case_id
        self.open_person(case_id, part, detail)

    def open_person(self, case_id: str, part: str = "", detail: str = "") -> None:
        """The file beside the list, or over it where the window is narrow."""
        self.view.page.open_side()
        self._panel_timer.stop()
        self._show_case(case_id, part, detail)
        if self.panel is not None:
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_query(self, query: LedgerQuery, view: SavedView | None = None) -> None:
        """Show other people, or in another order."""
        self.query, self._to_open = query, ""
        self.view_name = view.name if view else ""
        self.view.search.set_text(query.text)
        self.view.filters.show_query(query)
        self.table.show_sort(Sort(query.sort, query.descending))
        if view is not None and view.columns is not None:
            self.table.choose_columns(view.columns)
        self._ask()

    def reload(self) -> None:
        """Read the list and the choices again; order, cursor and what is chosen stay with the same people."""
        self._choices.ask(0)
        if self.found is None:
            self._ask()
        self.dates.bring_up()

    def _dates_ready(self, everybody: bool) -> None:
        if everybody:
            self.source.forget()
            self.table.refresh()
        self._ask()

    def _count_from(self, day: date) -> None:
        self.rules = replace(self.rules, day=day)
        self.view.filters.day = day

    def look(self) -> Look:
        """With what lines are turned into cells now."""
        return Look(self.ctx.desk.day, self.choices.names)

    # ---- asking

    def _ask(self, typing: bool = False) -> None:
        if self._left:
            return
        self.ctx.words_shown.emit(self.query.text)
        if not typing and self.found is not None:
            self._ask_whole()
            return
        self._first.ask(self.query)
        self._whole_timer.start(WHOLE_AFTER)

    def _ask_whole(self) -> None:
        self._whole_timer.stop()
        self._whole.ask(self.query)

    def _read_first(self, con: Connection, query: LedgerQuery) -> list[Line]:
        return first_rows(con, query, self.rules)

    def _read_whole(self, con: Connection, query: LedgerQuery) -> Found:
        return find(con, query, self.rules)

    def _read_choices(self, con: Connection, _question: int) -> _Around:
        desk = self.ctx.desk
        return _Around(
            choices(con, desk), views_of(con, desk), columns_here(con), station_rules(con, desk).template
        )

    def _show_first(self, query: LedgerQuery, lines: list[Line]) -> None:
        if query != self.query or not lines:
            return
        self.source.put(lines)
        self.view.stack.setCurrentIndex(0)
        if len(lines) == FIRST_ROWS or self.found is None or self.table.rows.rowCount() != len(lines):
            self.table.set_ids(tuple(line.item.case_id for line in lines))
            self._settle_cursor()

    def _show_whole(self, query: LedgerQuery, found: Found) -> None:
        if query != self.query:
            return
        self.found = found
        self.source.put(found.first)
        self.table.set_ids(found.page.ids)
        self.view.chips.show_counts(found.page, query.category)
        self.view.filters.show_tally(found.tally)
        self.view.filters.show_query(query)
        self._show_foot()
        self.doing.follow()
        page = 0 if found.page.ids else (2 if found.anybody else 1)
        self.view.stack.setCurrentIndex(page)
        if page:
            self.away.look(query.text)
        if self._to_open and not self.table.go_to(self._to_open):
            self._show_guest(self._to_open)
        self._to_open = ""
        self._settle_cursor()
        if self._entered == query:
            self._open_only(found)

    def _open_only(self, found: Found) -> None:
        """Who alone was found is opened; among several the arrows choose."""
        self._entered = None
        if len(found.page.ids) == 1:
            self.show_person(found.page.ids[0])
        elif found.page.ids:
            self.table.setFocus()
        else:
            self.away.enter()

    def _show_choices(self, _question: int, around: _Around) -> None:
        before = self.choices.staff, self.choices.names, self.rules.template
        self.choices, self.views = around.choices, around.views
        self.rules = replace(self.rules, template=around.template)
        self.view.filters.show_choices(self.choices)
        if around.columns is not None and not self.view_name:
            self.table.choose_columns(around.columns)
        if before != (self.choices.staff, self.choices.names, self.rules.template):
            self.source.forget()
            self.table.refresh()

    def _show_foot(self) -> None:
        if self.found is None:
            return
        tally = self.found.tally
        people, lacking, overdue = status_parts(tally.people, tally.lacking, tally.overdue, self.query)
        self.view.people.setText(people)
        self.view.lacking.show_words(lacking)
        self.view.overdue.show_words(overdue)

    def _settle_cursor(self) -> None:
        if self._to_open and self.table.go_to(self._to_open):
            self._to_open = ""
        if self._stays():
            self.table.go_to(self._shown_case)  # who is on the list again
        self._note_beside()
        if self._to_open or self._stays():
            return
        if not self.table.current_id() and self.table.rows.rowCount():
            self.table.go_to(self.table.rows.id_at(0))
        elif not self.table.rows.rowCount():
            self._show_case("")

    def _show_guest(self, case_id: str) -> None:
        """Somebody who is on no list any more (moved away, withdrawn, merged): no row is shown as theirs."""
        if self._shown_case == case_id:
            self._beside = (case_id, self.query)
            self.table.go_nowhere()

    def _ended_found(self, found: bool) -> None:
        """Whose file is here is not registered anew; who only bears the name is, by the button above."""
        self._found_ended = found
        self.view.nothing_register.setVisible(not (found or self.ctx.above))
        more = "nothing_but_ended" if found else "nothing_more"
        self.view.nothing.say(text("ledger.nothing"), text(f"ledger.{more}"))

    def _see_away(self, case_id: str) -> None:
        """Beside the search that found them, which stays as it is."""
        self._beside = (case_id, self.query)
        self.open_person(case_id)

    def _arrived(self, ids: Collection[str]) -> None:
        self.table.refresh(ids)

    # ---- the file at the side

    def _moved(self, _case_id: str) -> None:
        typing = self.view.search.line.hasFocus()
        self._panel_timer.start(PANEL_AFTER_TYPING if typing else PANEL_AFTER)

    def _show_panel(self) -> None:
        """A file in sight, beside the list or over it, is that of the row marked; put away, none is read."""
        if self.view.page.side_shown and not self._to_open and not self._stays():
            self._show_case(self.table.current_id())

    def _stays(self) -> bool:
        """The file at the side left the list by what was done to it, here or elsewhere (help ended, erased):
        it stays in sight, with its way back, instead of somebody else's file in its place.
        """
        return not self.table.current_id() and self._beside == (self._shown_case, self.query)

    def _show_case(self, case_id: str, part: str = "", detail: str = "") -> None:
        if self.panel is None or (case_id == self._shown_case and not part):
            return
        self._shown_case = case_id
        panel = cast("FilePanel", self.panel)
        if case_id:
            panel.show_case(case_id, part, detail)
        else:
            panel.clear()
            self.view.page.close_empty()
        self._note_beside()

    def _note_beside(self) -> None:
        if self._shown_case and self.table.current_id() == self._shown_case:
            self._beside = (self._shown_case, self.query)

    # ---- what a person does

    def _typed(self, words: str) -> None:
        if words == self.query.text:
            return
        self.query, self._to_open = replace(self.query, text=words), ""
        self._ask(typing=True)

    def _sorted(self, sort: Sort) -> None:
        if sort.key in SORTS:
            self.query = replace(self.query, sort=sort.key, descending=sort.descending)
            self._ask()

    def _columns_chosen(self, keys: tuple[str, ...]) -> None:
        if not self.view_name:
            self.ctx.ask(keep_columns(self.ctx.desk, keys), self, lambda _: None)

    def _changed(self, changed: Changed) -> None:
        if changed.whole:
            self._count_from(self.ctx.desk.day)
            self.source.forget()
        else:
            self.source.forget(changed.subjects)
        self.table.refresh(None if changed.whole else changed.subjects)
        if not self._left:
            self._reload_timer.start(RELOAD_AFTER)

    def _new(self) -> None:
        words = self.query.text if self.found and not self.found.page.ids else ""
        self.ctx.go("register", part="new", detail=words)

    def _clear(self) -> None:
        self.show_query(LedgerQuery(sort=self.query.sort, descending=self.query.descending))

    def _stands_above(self, above: bool) -> None:
        self.view.register_button.setVisible(not above)
        self.view.nothing_register.setVisible(not (above or self._found_ended))
        self._say_nobody()

    def _say_nobody(self) -> None:
        """Why nobody is listed, and what is to be done: who is on the way is not to be imported anew."""
        seen = self.ctx.sync.seen if self.ctx.sync is not None else None
        coming = not self.ctx.above and seen is not None and seen.now.counts.is_first_to_come
        why = "nobody_above" if self.ctx.above else "nobody_yet" if coming else "nobody_more"
        self.view.first.say(text("ledger.coming" if coming else "ledger.nobody"), text(f"ledger.{why}"))
        self.view.import_button.setVisible(not (self.ctx.above or coming))

    def _sync_moved(self, _seen: object) -> None:
        self._say_nobody()

    def _folded(self, folded: bool) -> None:
        self.view.fit()
        if not folded:  # the cursor may have moved on while the file was put away
            self._panel_timer.start(PANEL_AFTER)

    def _panel_closed(self) -> None:
        self.view.page.close_side()
        self.table.setFocus()

    def _wire(self) -> None:
        view, table, ctx = self.view, self.table, self.ctx
        view.search.searched.connect(self._typed)
        view.search.pressed.connect(self.search_key)
        view.chips.chosen.connect(lambda code: self.show_query(replace(self.query, category=code)))
        view.filters.changed.connect(self.show_query)
        view.lacking.pressed.connect(lambda: self.show_query(replace(self.query, missing="any")))
        view.overdue.pressed.connect(
            lambda: self.show_query(next_filter(self.query, "overdue", ctx.desk.day))
        )
        for button in (view.new, view.register_button, view.nothing_register):
            button.clicked.connect(lambda _on=False: self._new())
        view.nothing_clear.clicked.connect(lambda _on=False: self._clear())
        for button in (view.import_button, view.bring_in, view.bring_in_small):
            button.clicked.connect(lambda _on=False: ctx.go("import"))
        stations_only(ctx, view.new, view.bring_in, view.bring_in_small)
        ctx.above_changed.connect(self._stands_above)
        if ctx.sync is not None:
            ctx.sync.moved.connect(self._sync_moved)  # a method: the watch outlives this page
        self._stands_above(ctx.above)
        DropTarget(self, lambda path: ctx.go("import", part="file", detail=str(path)))
        for button in (view.walk_ins, view.walk_ins_small):
            button.clicked.connect(lambda _on=False: ctx.go("walk_ins"))
        view.doubts.clicked.connect(lambda _on=False: ctx.go("doubts"))
        view.shrunk.connect(view.fit)
        view.page.folded.connect(self._folded)
        table.current.connect(self._moved)
        table.opened.connect(self.open_person)
        table.record_asked.connect(lambda case_id: self.open_person(case_id, "record"))
        table.sort_asked.connect(self._sorted)
        table.columns_chosen.connect(self._columns_chosen)
        ctx.hub.changed.connect(self._changed)
        self.dates.ready.connect(self._dates_ready)
        # The whole window's while the page is in front (Qt asks whether it is visible): after a press in the
        # rail or a save elsewhere the focus is outside. A line to type in keeps "/" to itself.
        for keys in ("Ctrl+F", "/"):
            shortcuts.bind(self, keys, view.search.take_focus)
        shortcuts.bind(self, shortcuts.NEW.keys, self._new)
        if self.panel is not None and hasattr(self.panel, "closed"):
            self.panel.closed.connect(self._panel_closed)  # type: ignore[attr-defined]
        self.table.show_sort(Sort(self.query.sort))

    @property
    def narrowed(self) -> bool:
        """Something keeps people out of sight."""
        return is_narrowed(self.query)
