"""帮扶档案: the whole file of one person, as the side panel of a list (520 px) or as a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.history import Entry
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.services.case_files import CaseFile, load_case_file, load_history
from jobdesk.services.drafting import drafts_about
from jobdesk.store.local import Draft
from jobdesk.ui.basis_view import PARTS
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.actions import FileActions
from jobdesk.ui.casefile.away import away_words, move_words
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.cursor import cursor_kept
from jobdesk.ui.casefile.files_page import FilesPage
from jobdesk.ui.casefile.gone_page import GonePage
from jobdesk.ui.casefile.header import CaseHeader
from jobdesk.ui.casefile.history_page import HistoryPage
from jobdesk.ui.casefile.household_page import HouseholdPage
from jobdesk.ui.casefile.job_page import JobPage
from jobdesk.ui.casefile.kept_ask import KeptAsk
from jobdesk.ui.casefile.merged_line import offered
from jobdesk.ui.casefile.overview import SECTIONS, OverviewPage
from jobdesk.ui.casefile.page import Page, Tools
from jobdesk.ui.casefile.plan_page import PlanPage
from jobdesk.ui.casefile.recognition_page import RecognitionPage
from jobdesk.ui.casefile.revealing import Looks
from jobdesk.ui.casefile.services_page import ServicesPage
from jobdesk.ui.casefile.state import TABS, ended_words, words_of
from jobdesk.ui.casefile.subsidy_page import SubsidyPage
from jobdesk.ui.casefile.unsaved import unsaved
from jobdesk.ui.casefile.unsaved_card import UnsavedCard
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.kit import Banner, EmptyState, Tab, Tabs, clear, column, frame, row, rule
from jobdesk.ui.kit.banners import Action
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.signals import BareSignal, bare_signal

if TYPE_CHECKING:
    from jobdesk.ui.casefile.paper_page import PaperPage

_MAKERS: Mapping[str, Callable[[Tools], Page]] = {
    "overview": OverviewPage,
    "plan": PlanPage,
    "services": ServicesPage,
    "household": HouseholdPage,
    "files": FilesPage,
    "recognition": RecognitionPage,
    "job": JobPage,
    "subsidy": SubsidyPage,
    "history": HistoryPage,
}

WIDEST = 980
"""Own figure: a line of a form is not read well when it is longer, in pixels."""


class CaseFilePanel(QWidget):
    """One person's file. ``show_case`` loads it; everything typed is kept when the person is left.

    Signals:
        closed: the cross of the panel was pressed.
    """

    closed: BareSignal = bare_signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.case_id = ""
        self.file: CaseFile | None = None
        self.words = Words(ctx.desk.today)
        self.looks = Looks(ctx, self)
        self._entries: Sequence[tuple[str, Entry]] | None = None
        self._wanted: tuple[str, str] = ("", "")
        self._asked = 0
        self._hidden_since = False
        self.actions_ = FileActions(self, self)
        self.tools = Tools(ctx, self.looks, self.go, self.actions_.paper)
        self.header = CaseHeader(
            self.looks, self.record_service, self.actions_.menu, self.closed.emit, self.go, self.show_question
        )
        self.banners = column(gap=6, pad=(16, 0, 16, 0))
        self.tabs = Tabs([Tab(key, t(f"tab.{key}")) for key in TABS], TABS[0])
        self.tabs.chosen.connect(lambda key: self.go(key, ""))
        self.stack = QStackedWidget()
        self.pages: dict[str, Page] = {}
        self.paper_page: PaperPage | None = None
        self._fresh: set[str] = set()
        tabs = frame(column(self.tabs, pad=(16, 0, 16, 0)))
        self._whole = frame(column(self.header, frame(self.banners), tabs, rule(), (self.stack, 1), gap=0))
        self._empty = EmptyState("user", t("nobody"), more=t("nobody_more"))
        self._outer = QStackedWidget()
        self._gone = GonePage(self._empty, self.closed.emit, UnsavedCard(ctx, self.looks))
        self._gone.unsaved.changed.connect(self.reload)
        self._outer.addWidget(self._gone)
        self._whole.setMaximumWidth(WIDEST)
        self._centred = QWidget()
        self._centred.setLayout(row(None, (self._whole, WIDEST), None, gap=0))
        self._outer.addWidget(self._centred)
        self.setLayout(column(self._outer, gap=0))
        ctx.hub.changed.connect(self._changed)
        ctx.desk_changed.connect(lambda _desk: self.reload())

    # ---- what others call

    def show_case(self, case_id: str, part: str = "", detail: str = "") -> None:
        """Show a person's file.

        Args:
            part: key of a tab; ``record`` opens the form for a new service (``detail``: key of a due line).
            detail: a record of that tab, a field of 概况, ``add:<kind>``.
        """
        self._wanted = (part, detail)
        if case_id == self.case_id and self.file is not None:
            self._arrive()
            return
        self.keep()
        self.header.begin()
        self.close_paper()
        self.looks.begin(case_id)
        self.case_id, self.file, self._entries = case_id, None, None
        self._fresh.clear()
        clear(self.banners)
        self.actions_.begin()
        for page in self.pages.values():
            page.begin(case_id)
        self._reload_after_drafts()

    def clear(self) -> None:
        """Nobody is chosen."""
        self.keep()
        self.case_id, self.file = "", None
        self.looks.begin("")
        self._gone.rest()
        self._outer.setCurrentWidget(self._gone)

    def keep(self) -> None:
        """Keep everything that is being typed, at once."""
        for page in self.pages.values():
            page.keep()

    def record_service(self, line: DueLine | None = None, preset: Mapping[str, Json] | None = None) -> None:
        """Open the form for a new service."""
        self.go("services", "")
        page = self.pages["services"]
        assert isinstance(page, ServicesPage)
        page.record(line, preset)

    def go(self, part: str, detail: str) -> None:
        """Another tab, at a record or field."""
        if part not in TABS or self.file is None:
            return
        self.tabs.set_at(part)
        page = self._page(part)
        self._fill(part, page)
        self.stack.setCurrentWidget(page)
        if detail:
            page.open_at(detail)

    def show_question(self) -> None:
        """The first that is asked in the file, beside its field; what no tab of it shows (of one it was
        merged with) on the page of all questions.
        """
        if self.file is None:
            return
        parts = {PARTS.get(r.kind, TABS[0]) for r in self.file.state if r.conflicts}
        for part in (p for p in TABS if p in parts):
            self.go(part, "")
            boxes = [b for b in self.pages[part].findChildren(ConflictBox) if b.isVisible() and b.asks]
            if boxes:
                first = min(boxes, key=lambda b: b.mapTo(self, QPoint(0, 0)).y())
                first.setFocus(Qt.FocusReason.OtherFocusReason)
                QTimer.singleShot(0, first, partial(bring_into_sight, first))  # a page just made is laid out
                return
        asked = [s.subject.id for s in (self.file.state, *self.file.aliases) if any(r.conflicts for r in s)]
        self.ctx.go("conflicts", asked[0] if asked else self.case_id)

    def reload(self) -> None:
        """Read the file anew; typed values stay."""
        if not self.case_id:
            return
        self._asked += 1
        asked = self._asked
        self.ctx.ask(
            load_case_file(self.ctx.desk, self.case_id),
            self,
            lambda file: self._loaded(file) if asked == self._asked else None,
        )

    # ---- inside

    def hideEvent(self, event: QHideEvent, /) -> None:
        """The place is left: drafts are kept, everything revealed is hidden again."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        self.keep()
        self.header.hide_numbers()
        self.looks.begin(self.case_id)
        self._hidden_since = True

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if event.spontaneous() or not self._hidden_since:
            return
        self._hidden_since = False
        for page in self.pages.values():
            page.begin(self.case_id)
        self._fresh.clear()
        self._reload_after_drafts()

    def _reload_after_drafts(self) -> None:
        """Read the file once the drafts just kept stand in it, so that none is missed."""
        case = self.case_id
        self._asked += 1
        self.ctx.ask(
            self.ctx.desk.write(lambda _w: None),
            self,
            lambda _none: self.reload() if case == self.case_id else None,
        )

    def _loaded(self, file: CaseFile) -> None:
        with cursor_kept(self):
            self._show(file)

    def _show(self, file: CaseFile) -> None:
        first = self.file is None
        self.file = file
        self.words = words_of(file, self.ctx.desk.today)
        if file.away is not None or not file.state.exists:
            self._show_gone(file)
            return
        self._gone.rest()
        is_back = not first and self._outer.currentWidget() is self._gone
        if self._outer.currentWidget() is self._gone:
            self._outer.setCurrentWidget(self._centred)
        self.header.show_file(file, self.words)
        self._show_banners(file)
        self._fresh.clear()
        at = self.tabs.at()
        if first or is_back:
            self.actions_.reopen()
        if first:
            self._arrive()
        else:
            self._fill(at, self._page(at))
        ids = [file.case_id, *(a.subject.id for a in file.aliases)]
        ids += [h.state.subject.id for h in file.households]
        asked = self._asked
        self.ctx.ask(
            load_history(self.ctx.desk, ids),
            self,
            lambda entries: self._told(entries) if asked == self._asked else None,
        )

    def _show_gone(self, file: CaseFile) -> None:
        """Words in place of the file. Its forms are put away with what is typed in them kept, which the page
        names: here nothing else leads to it, and it is back in its form when the file is.
        """
        gone = "erased" if file.state.erased else "gone"
        said = away_words(file.away, self.words) if file.away else (t(gone), t(f"{gone}_more"))
        whose = file.away.stub.name if file.away else file.state.root.text("name")
        self._gone.say(whose, *said)
        if self._outer.currentWidget() is not self._gone:
            self._outer.setCurrentWidget(self._gone)
            self._put_forms_away()
        if file.state.erased:
            self._gone.unsaved.show_unsaved(())
            return
        asked = self._asked

        def found(drafts: Sequence[Draft]) -> None:
            if asked == self._asked:
                typed = unsaved(drafts, file.state, self.words)
                self._gone.unsaved.show_unsaved(typed, masked=file.forbids_unmasked)

        self.ctx.ask(drafts_about(self.ctx.desk, file.case_id), self, found)

    def _put_forms_away(self) -> None:
        for ask in self.findChildren(KeptAsk):
            ask.put_away()
        self.keep()
        for page in self.pages.values():
            page.begin(self.case_id)
        self._fresh.clear()

    def _told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self._entries = entries
        for key in self._fresh:
            self.pages[key].told(entries)

    def _arrive(self) -> None:
        part, detail = self._wanted
        self._wanted = ("", "")
        if part == "record":
            self.record_service(self._line_of(detail))
        else:
            self.go(part if part in TABS else self.tabs.at(), detail)

    def _line_of(self, key: str) -> DueLine | None:
        return next((d for d in self.file.due if d.key == key), None) if self.file and key else None

    def _page(self, key: str) -> Page:
        page = self.pages.get(key)
        if page is None:
            page = _MAKERS[key](self.tools)
            page.begin(self.case_id)
            self.pages[key] = page
            self.stack.addWidget(page)
        return page

    def _fill(self, key: str, page: Page) -> None:
        """Show the file on a page that has not seen it yet."""
        if key in self._fresh or self.file is None:
            return
        self._fresh.add(key)
        page.show_file(self.file, self.words)
        if self._entries is not None:
            page.told(self._entries)

    def _show_banners(self, file: CaseFile) -> None:
        held = self.focusWidget() or self
        if any(b.isAncestorOf(held) for b in self.findChildren(Banner)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else a field far down the page would take it
        clear(self.banners)
        root = file.state.root
        if root.get("merged_into"):
            kept = root.text("merged_into")
            actions = [
                Action(t("open_kept"), lambda: self.show_case(kept), closes=False),
                Action(t("unmerge"), lambda: self.actions_.ask_unmerge(file.case_id), closes=False),
            ]
            self.banners.addWidget(Banner("info", t("merged_banner", name=file.kept_name), actions=actions))
        for alias in file.aliases:
            name = alias.root.text("name") or t("nameless")
            action = Action(
                t("unmerge"), lambda i=alias.subject.id: self.actions_.ask_unmerge(i), closes=False
            )
            count = offered(file, alias.subject.id, (f for fields in SECTIONS.values() for f in fields))
            more = t("holds_merged_more", count=count) if count else ""
            self.banners.addWidget(Banner("info", t("holds_merged", name=name) + more, actions=[action]))
        if file.came_from and not root.get("owner") and not root.get("merged_into"):
            hand = Action(text("moves.came_hand"), self.actions_.ask_hand_over, closes=False)
            on = self.words.day(root.text("moved_on"))
            came = text("moves.came", day=on, station=file.came_from)
            self.banners.addWidget(Banner("info", came, actions=[hand]))
        if file.move is not None:
            look = Action(text("moves.file_look"), lambda: self.ctx.go("moves", part="out"), closes=False)
            self.banners.addWidget(Banner("info", move_words(file.move), actions=[look]))
        if file.withheld:
            self.banners.addWidget(Banner("info", t("withheld_banner", count=file.withheld)))
        if file.summary.deceased:
            self.banners.addWidget(Banner("info", t("deceased_banner")))
        if file.summary.help_state == "ended":
            resume = Action(t("resume"), self.actions_.ask_resume, closes=False)
            self.banners.addWidget(Banner("info", ended_words(file, self.words), actions=[resume]))

    def _changed(self, changed: Changed) -> None:
        file = self.file
        if not self.case_id:
            return
        ids = {self.case_id}
        if file is not None:
            ids |= {a.subject.id for a in file.aliases} | {h.state.subject.id for h in file.households}
            ids.add(self.ctx.desk.station.id)
        if changed.whole or changed.subjects & ids or self._may_join(changed):
            self.reload()

    def _may_join(self, changed: Changed) -> bool:
        """A household written just now may have this person in it."""
        return self.tabs.at() == "household" and bool(changed.subjects)

    # ---- paper over the file

    def take_paper(self, page: PaperPage) -> None:
        """The page that shows papers, made when the first one is wanted."""
        self.paper_page = page
        self._outer.addWidget(page)

    def show_paper(self) -> None:
        """The paper in place of the file."""
        if self.paper_page is not None:
            self._outer.setCurrentWidget(self.paper_page)

    def close_paper(self) -> None:
        """The file again."""
        if self.paper_page is not None and self._outer.currentWidget() is self.paper_page:
            self.paper_page.rest()
            self._outer.setCurrentWidget(self._centred if self.file is not None else self._gone)

    def show_strip(self, strip: QFrame) -> None:
        """A question of the menu, between head and tabs."""
        self.banners.addWidget(strip)
