"""家庭: the list of households, and one of them with what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import text
from jobdesk.reports.household_papers import household_paper
from jobdesk.services.household_list import (
    Households,
    HouseholdWhole,
    load_household,
    load_households,
)
from jobdesk.services.households import found_household
from jobdesk.services.settings import FORBID_UNMASKED, station_settings
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.store.station_file import Changes
from jobdesk.ui import shortcuts
from jobdesk.ui.above import refused_above, stations_only
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.household_ways import CORRECTIONS
from jobdesk.ui.casefile.paper_page import PaperPage
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.households import state
from jobdesk.ui.households.acting import DRAFT, ROOT, HouseholdActions
from jobdesk.ui.households.form import FormAsk, SmallForm
from jobdesk.ui.households.gone import HouseholdGonePage
from jobdesk.ui.households.papers import HouseholdPapers
from jobdesk.ui.households.state import Shown, t
from jobdesk.ui.households.view import RATES, HouseholdsView
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import EmptyState, Scroll, clear, column
from jobdesk.ui.table import Table
from jobdesk.ui.table.cells import Row


class HouseholdsScreen(Screen):
    """All households of the station."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.found: Households | None = None
        self.by = Shown()
        self._seek, self._at = "", ""
        self._wanted = ("", "", "")
        self._reads = 0
        self._known: frozenset[str] = frozenset()
        self._staff: list[StaffMember] = []
        self._forbids = False
        self.detail = HouseholdDetail(ctx)
        self.acting = HouseholdActions(ctx, self.detail, self._papers)
        self.papers = HouseholdPapers()
        self.paper = PaperPage(ctx, household_paper)
        self.rest = EmptyState("home", t("side_empty"))
        self._new_place = column(gap=8)
        self._new_page = QWidget()
        self._new_page.setLayout(self._new_place)
        self._one = QWidget()
        self._one.setLayout(column(self.papers, self.detail, None, gap=8, pad=(16, 12, 16, 16)))
        self.side = _Side()
        self.gone = HouseholdGonePage(ctx, self._rest)
        for page in (self.rest, self._one, self._new_page, self.gone):
            self.side.addWidget(page)
        self._whole_side = QStackedWidget()
        self._scroll = Scroll(self.side)
        self._whole_side.addWidget(self._scroll)
        self._whole_side.addWidget(self.paper)
        self.table = Table(state.columns(), self._rows, many=False)
        self.view = HouseholdsView(self.table, self._whole_side)
        self.setLayout(column((self.view, 1), gap=0))
        self._wire()

    def arrive(self, where: GoTo) -> None:
        """``subject``: that household; ``part``: ``new``, ``put_off`` for 延期 of the line ``detail``, or a
        correction (of the record ``detail``).
        """
        self._seek = where.subject
        asked = where.part in CORRECTIONS or where.part == "put_off"
        self._wanted = (where.subject, where.part, where.detail) if asked else ("", "", "")
        self.reload()
        if where.part == "new":
            self.new()

    # ---- the list

    def reload(self) -> None:
        """Read all households."""
        desk = self.ctx.desk
        self.ctx.ask(load_households(desk), self, self._loaded)
        ground = desk.read(lambda con: (staff_of(con, desk), station_settings(con, desk)))
        self.ctx.ask(ground, self, self._grounded)

    def _grounded(self, ground: tuple[list[StaffMember], dict[str, Json]]) -> None:
        self._staff = ground[0]
        self._forbids = ground[1].get(FORBID_UNMASKED) is True

    def _loaded(self, found: Households) -> None:
        self.found = found
        self._known = frozenset(
            i for r in found.rows for i in (r.id, *(m.case_id for m in r.standing.members))
        )
        seek, self._seek = self._seek, ""
        if seek and all(r.id != seek for r in state.shown(found, self.by)):
            self.by = Shown()
        self._show()
        if seek:
            self.open(seek)
            self.table.go_to(seek)
        elif self._at and not (self.acting.is_open and any(r.id == self._at for r in found.rows)):
            self._read_one(self._at)

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        by = replace(self.by, words=self.view.search.value())
        shown = state.shown(found, by)
        counted = state.counts(found.rows)
        for name, chip in self.view.filters.items():
            chip.set_count(counted[name])
            chip.setChecked(name == by.wanted)
        self.view.count.set_text(t("count", count=len(shown)))
        for name, rate in zip(RATES, found.rates, strict=True):
            said, number, note = state.rate_words(rate)
            tile = self.view.rates[name]
            tile.set_number(number)
            tile.note.set_text(f"{said}　{note}" if rate.all else said)
        self.view.duty.set_text(state.plan_words(found.packs, self.ctx.desk.day))
        self._show_behind(found, len(shown))
        self.table.set_ids([r.id for r in shown])
        self.table.refresh()
        if not found.rows:
            self.view.nothing.say(t("empty"), t("empty_more"))
        else:
            self.view.nothing.say(t("empty_filter"))
        self.view.middle.setCurrentWidget(self.table if shown else self.view.nothing)

    def _show_behind(self, found: Households, count: int) -> None:
        """The rate that is open, with its numbers as ways to theirs."""
        behind = self.by.behind
        self.view.only.setVisible(behind is not None)
        self.view.only.setText(t("only", count=count))
        for name, way in self.view.numbers.items():
            many = len(state.ids_behind(found, behind[0], name)) if behind else 0
            way.setVisible(bool(many))
            way.setText(t(f"number_{name}", count=many))

    def _rows(self, ids: Sequence[str]) -> list[Row]:
        wanted = set(ids)
        rows = self.found.rows if self.found is not None else ()
        return [state.row_of(r, self.ctx.desk.day) for r in rows if r.id in wanted]

    def _choose(self, name: str) -> None:
        self.by = Shown(name)
        self._show()

    def _behind(self, sort: str, number: str = "all") -> None:
        """The households behind a rate, or behind one number of it."""
        if self.found is not None:
            self.by = Shown(behind=(sort, number))
            self._show()

    def _number(self, number: str) -> None:
        if self.by.behind is not None:
            self._behind(self.by.behind[0], number)

    def _changed(self, changed: Changed) -> None:
        if changed.whole or self.isVisible() or not changed.subjects.isdisjoint(self._known):
            self.reload()

    # ---- one household

    def open(self, household_id: str) -> None:
        """Show one at the side."""
        self._at = household_id
        self._put_papers_away()
        self._read_one(household_id)
        self.view.page.open_side()

    def _read_one(self, household_id: str) -> None:
        self._reads += 1
        asked = self._reads

        def read(whole: HouseholdWhole | None) -> None:
            if household_id != self._at or asked != self._reads:
                return
            if whole is None:
                self._is_gone(household_id)
                return
            self.detail.show_whole(whole)
            self.side.setCurrentWidget(self._one)
            (wanted, what, record), self._wanted = self._wanted, ("", "", "")
            if wanted == household_id and (what != "put_off" or any(n.key == record for n in whole.row.due)):
                self.acting.do(what, record)

        self.ctx.ask(load_household(self.ctx.desk, household_id), self, read)

    def _is_gone(self, household_id: str) -> None:
        """Its page goes, with what is typed in it kept; who moved away leaves a page that says so."""
        self.acting.put_away()
        self._put_papers_away()
        at = household_id
        self.gone.show_for(at, self._forbids, lambda moved: self._rest(moved) if at == self._at else None)

    def _rest(self, moved: bool = False) -> None:
        self._at = self._at if moved else ""
        self.side.setCurrentWidget(self.gone if moved else self.rest)
        if not moved:
            self.view.page.close_empty()

    def _papers(self, household_id: str) -> None:
        whole = self.detail.whole
        if whole is not None and whole.row.id == household_id:
            self.papers.offer(whole)
            self._scroll.verticalScrollBar().setValue(0)

    def _show_paper(self, key: str) -> None:
        whole = self.detail.whole
        if whole is not None:
            self._whole_side.setCurrentWidget(self.paper)
            self.paper.show_paper(whole.row.id, whole.row.facts.text("head_name"), key, self._forbids)

    def _put_papers_away(self) -> None:
        self.papers.hide()
        self.paper.rest()
        self._whole_side.setCurrentWidget(self._scroll)

    def new(self) -> None:
        """Write a household down; members follow in its detail."""
        if refused_above(self.ctx):
            return
        clear(self._new_place)
        staff = [(s.id, s.name) for s in self._staff if s.is_active]
        usual: dict[str, Json] = {"source": "self", "since": self.ctx.desk.today.isoformat()}
        form = SmallForm(
            self.ctx, RecordState("household", "", {}), ROOT, staff,
            needed=frozenset({"head_name", "kind"}), usual=usual,
        )  # fmt: skip
        self._at = ""
        self._put_papers_away()

        def send(values: Mapping[str, Json]) -> Future[Changes]:
            body: dict[str, Json] = {k: v for k, v in values.items() if v is not None}
            return found_household(self.ctx.desk, {**body, "state": "found"}, [])

        save, said = text("casefile.save"), t("founded")
        ask = FormAsk(
            self.ctx, t("new"), t("new_note"), form, save, send, said, self._founded, draft=f"{DRAFT}/new"
        )  # fmt: skip
        ask.closed.connect(lambda: self.side.setCurrentWidget(self._one if self._at else self.rest))
        self._new_place.addWidget(ask)
        self._new_place.addStretch(1)
        self._new_place.setContentsMargins(16, 12, 16, 16)
        self.side.setCurrentWidget(self._new_page)
        self.view.page.open_side()

    def _founded(self, changes: Changes) -> None:
        made = next((s.id for s in changes.subjects if s.kind == "household"), "")
        if made:
            self.by = Shown()
            self.open(made)

    def _wire(self) -> None:
        view = self.view
        view.page.folded.connect(self.gone.cross.setHidden)  # folded the page has a cross of its own
        self.ctx.hub.changed.connect(self._changed)
        view.new.clicked.connect(lambda _c=False: self.new())
        stations_only(self.ctx, view.new)
        view.search.typed.connect(lambda _t: self._show())
        view.only.clicked.connect(lambda _c=False: self._choose("all"))
        for name, chip in view.filters.items():
            chip.clicked.connect(lambda _on=False, n=name: self._choose(n))
        for name, tile in view.rates.items():
            tile.opened.connect(lambda n=name: self._behind(n))
        for name, way in view.numbers.items():
            way.clicked.connect(lambda _c=False, n=name: self._number(n))
        self.papers.chosen.connect(self._show_paper)
        self.paper.back.clicked.connect(lambda _c=False: self._put_papers_away())
        self.table.opened.connect(self.open)
        self.table.current.connect(self._moved)
        shortcuts.bind(self, shortcuts.NEW.keys, self.new)

    def _moved(self, household_id: str) -> None:
        """Walking the list shows each one beside it, while no question stands open."""
        if household_id and not self.view.page.is_folded and not self.acting.is_open:
            self._at = household_id
            self._put_papers_away()
            self._read_one(household_id)


class _Side(QStackedWidget):
    """As high as the page in sight, so that its scroll ends where it ends."""

    def sizeHint(self) -> QSize:
        return self.currentWidget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.currentWidget().minimumSizeHint()
