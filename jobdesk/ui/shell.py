"""One open station in the window: header, places, saving state, who acts, the day that begins at midnight."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from jobdesk.cases.errors import Trouble
from jobdesk.host.signed_pack import kind_word
from jobdesk.host.strings import text
from jobdesk.services.policies import LeftOut, unusable
from jobdesk.services.session import Session, daily_backup, unit_name
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.services.syncing import Seen
from jobdesk.store.journaling import Health
from jobdesk.ui.context import Context
from jobdesk.ui.header import StaffEntry
from jobdesk.ui.hub import AppHub, Changed, GoTo, Notice
from jobdesk.ui.notices import words_of
from jobdesk.ui.rail import Place
from jobdesk.ui.searchbox import SearchKey
from jobdesk.ui.signals import TypedSignal, signal
from jobdesk.ui.sync.state import pill_words
from jobdesk.ui.sync.watch import SyncWatch
from jobdesk.ui.tasks import Tasks
from jobdesk.ui.window import MainWindow

PATIENCE_S = 3.0
"""Windows gives a program five seconds when the session ends (own figure below that)."""
SYNC_MS = 1500
"""The first exchange follows once the first screen stands (own figure)."""
SETTLED_MS = 5000
"""When everything a start imports is there (own figure)."""
WATCH_MS = 20_000
"""Between looks at the date. A timer set for midnight would miss it over a sleep or a clock that was set; one
that looks every so often cannot, and machines left on do not all ask their server in the same second.
"""


class Shell(QObject):
    """Wires a session to the window; lives as long as the station is open.

    Signals:
        _health: state of the second copy, from the writer thread to this one.
    """

    _health: TypedSignal[Health] = signal()

    def __init__(self, window: MainWindow, hub: AppHub, tasks: Tasks, session: Session) -> None:
        super().__init__(window)
        self.window = window
        self.hub = hub
        self.tasks = tasks
        self.session = session
        self.ctx = Context(hub, tasks, session.station, session.desk)
        self._staff: list[StaffMember] = session.staff
        self.then: GoTo | None = None
        """Where to go once the window is filled (a file that was opened); None stays at 今日."""
        self.word: Notice | None = None
        """What is said once the window is filled: on the page that asks who acts nobody would read it."""
        self._behind: Trouble | None = None
        """The trouble of the second copy that a banner tells."""
        self._health.connect(self._show_health)
        session.station.file.health.listeners.append(self._health.emit)
        header = window.header
        header.staff.chosen.connect(self._act_as)
        header.staff.manage.connect(lambda: hub.go_to.emit(GoTo("settings", part="staff")))
        header.pill.pressed.connect(self._more_of_pill)
        self.sync = SyncWatch(self.ctx)
        self.ctx.sync = self.sync
        self.sync.moved.connect(self._show_sync)
        header.search.searched.connect(self._search)
        header.search.pressed.connect(self._search_key)
        hub.changed.connect(self._changed)
        self.ctx.desk_changed.connect(lambda _desk: self._show_staff())
        self.ctx.words_shown.connect(self._words_shown)
        self._date = QTimer(self)
        self._date.setInterval(WATCH_MS)
        self._date.timeout.connect(self.ctx.look_at_the_date)
        self.ctx.day_turned.connect(self._daily_backup)

    def begin(self) -> None:
        """Ask who acts where the account does not tell, then fill the window."""
        active = [s for s in self._staff if s.is_active]
        if self.session.chosen or not active:
            self._fill()
            return
        from jobdesk.ui.choosing import ChoosingPage

        def chosen(staff_id: str) -> None:
            self.window.remove_page(page)
            self._act_as(staff_id)
            self._fill()

        page = ChoosingPage(active, chosen)
        self.window.show_alone(page)

    def _fill(self) -> None:
        """Show 今日; the day's backup follows once the screen stands."""
        self.window.set_marks(practice=self.session.desk.practice, trial=True)
        self._load_facts()
        self._show_staff()
        self._show_health(self.session.station.file.health)
        self.window.set_places(places(self.ctx), "today")
        for trouble in self.session.station.notes:
            self.hub.trouble.emit(trouble)
        desk = self.ctx.desk
        self.ctx.ask(desk.read(lambda con: unusable(con, desk)), self, self._tell_packs)
        if self.then is not None:
            self.hub.go_to.emit(self.then)
        if self.word is not None:
            self.hub.notice.emit(self.word)
        self._date.start()
        self.sync.renew()
        QTimer.singleShot(SYNC_MS, self, self._begin_sync)
        QTimer.singleShot(3000, self, self._daily_backup)
        QTimer.singleShot(SETTLED_MS, self, _settle_memory)

    def _tell_packs(self, left_out: tuple[LeftOut, ...]) -> None:
        """A rule pack or calendar that cannot be used is told at once: what it said does not hold today."""
        from jobdesk.ui.settings.packs_state import instead_words

        for left in left_out:
            one = left.taken
            self.hub.trouble.emit(
                Trouble("pack_left_out", kind=kind_word(one.kind), name=one.name, version=one.version,
                        instead=instead_words(left))
            )  # fmt: skip

    def close(self) -> bool:
        """Leave the page in sight (its drafts are kept) and close the file. Always True."""
        self.leave_page()
        self.keep_drafts()
        self._date.stop()
        self.sync.stop()
        self.session.close()
        return True

    def keep_drafts(self) -> None:
        """Every form of the page in sight keeps what is being typed, now; the page stays as it is."""
        page = self.window.page(self.window.at)
        if page is None:
            return
        for widget in (page, *page.findChildren(QWidget)):
            keep = getattr(widget, "keep", None)
            if callable(keep):
                keep()

    def session_ends(self) -> None:
        """The system ends the program (sign-out, an upgrade): drafts are on the disk when this returns."""
        self.keep_drafts()
        written = self.session.station.file.work.on_writer(lambda _con: None)
        with contextlib.suppress(TimeoutError):
            written.result(timeout=PATIENCE_S)

    def leave_page(self) -> None:
        """Let the page in sight keep its drafts."""
        page = self.window.page(self.window.at)
        leave = getattr(page, "leave", None)
        if callable(leave):
            leave()

    # ------------------------------------------------------------------ header

    def _load_facts(self) -> None:
        self.ctx.ask(unit_name(self.ctx.desk), self, self.window.set_station)

    def _show_staff(self) -> None:
        entries = [StaffEntry(s.id, s.name, text("window.clerk")) for s in self._staff if s.is_active]
        now = next((e for e in entries if e.staff_id == self.ctx.desk.actor), None)
        self.window.header.staff.set_staff(now, entries)

    def _search(self, words: str) -> None:
        self.hub.go_to.emit(GoTo("ledger", part="search", detail=words))

    def _search_key(self, key: SearchKey) -> None:
        words = self.window.header.search.text().strip()
        if key == "enter" and words:
            self.hub.go_to.emit(GoTo("ledger", part="only", detail=words))

    def _words_shown(self, words: str) -> None:
        """What stands in the header and no longer says who is shown is taken out of it."""
        box = self.window.header.search
        if box.text().strip() not in ("", words) and not box.line.hasFocus():
            box.set_text("")

    def _act_as(self, staff_id: str) -> None:
        self.ctx.set_desk(self.ctx.desk.as_actor(staff_id))

    def _more_of_pill(self) -> None:
        behind = self.window.header.pill.state == "second_behind"
        self.hub.go_to.emit(GoTo("settings", part="backup") if behind else GoTo("sync"))

    def _show_sync(self, seen: Seen) -> None:
        self.ctx.set_above(seen.now.counts.above)
        said = pill_words(seen, self.ctx.desk.clock.now_ms())
        self.window.header.pill.set_more(said.more, said.short, said.tone)
        self.window.rail.set_badge("sync", seen.now.for_person)

    def _begin_sync(self) -> None:
        self.sync.begin(lambda: self.ctx.read_config().policy)

    def _show_health(self, health: Health) -> None:
        self.window.header.pill.set_state("second_behind" if health.journal else "saved")
        before, self._behind = self._behind, health.journal
        if before is not None and before is not health.journal:
            self.window.notices.take_away(words_of(before).sentence)
        if health.journal is not None:
            self.hub.trouble.emit(health.journal)

    # ------------------------------------------------------------------ changes

    def _changed(self, changed: Changed) -> None:
        if changed.touches(self.ctx.desk.station.id):
            self._load_facts()
            self.ctx.renew_calendar()
            desk = self.ctx.desk
            self.ctx.ask(desk.read(lambda con: staff_of(con, desk)), self, self._staff_loaded)

    def _staff_loaded(self, staff: list[StaffMember]) -> None:
        self._staff = staff
        self._show_staff()

    # ------------------------------------------------------------------ day

    def _daily_backup(self) -> None:
        future = daily_backup(self.session)
        if future is not None:
            self.ctx.ask(future, self, lambda _info: None)


def _settle_memory() -> None:
    """What a start made stays for good: collections need not walk it while somebody types.

    With everything walked a collection costs some 35 ms, two frames of a scrolling list.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def places(ctx: Context) -> Sequence[Place]:
    """The places of the rail that work; each page is imported and made at its first visit."""

    def today() -> QWidget:
        from jobdesk.ui.today.screen import TodayScreen

        return TodayScreen(ctx)

    def ledger() -> QWidget:
        from jobdesk.ui.casefile.panel import CaseFilePanel
        from jobdesk.ui.ledger.screen import LedgerScreen

        return LedgerScreen(ctx, lambda: CaseFilePanel(ctx))

    def register() -> QWidget:
        from jobdesk.ui.register.screen import RegisterScreen

        return RegisterScreen(ctx)

    def imports() -> QWidget:
        from jobdesk.ui.importing.screen import ImportScreen

        return ImportScreen(ctx)

    def walk_ins() -> QWidget:
        from jobdesk.ui.walk_ins.screen import WalkInsScreen

        return WalkInsScreen(ctx)

    def assigned() -> QWidget:
        from jobdesk.ui.assignments.screen import AssignmentsScreen

        return AssignmentsScreen(ctx)

    def doubts() -> QWidget:
        from jobdesk.ui.doubts.screen import DoubtsScreen

        return DoubtsScreen(ctx)

    def conflicts() -> QWidget:
        from jobdesk.ui.conflicts.screen import ConflictsScreen

        return ConflictsScreen(ctx)

    def households() -> QWidget:
        from jobdesk.ui.households.screen import HouseholdsScreen

        return HouseholdsScreen(ctx)

    def vacancies() -> QWidget:
        from jobdesk.ui.vacancies.screen import VacanciesScreen

        return VacanciesScreen(ctx)

    def policies() -> QWidget:
        from jobdesk.ui.policies.screen import PoliciesScreen

        return PoliciesScreen(ctx)

    def month() -> QWidget:
        from jobdesk.ui.month.screen import MonthScreen

        return MonthScreen(ctx)

    def sync() -> QWidget:
        from jobdesk.ui.sync.screen import SyncScreen

        return SyncScreen(ctx)

    def moves() -> QWidget:
        from jobdesk.ui.moves.screen import MovesScreen

        return MovesScreen(ctx)

    def settings() -> QWidget:
        from jobdesk.ui.settings.screen import SettingsScreen

        return SettingsScreen(ctx)

    return [
        Place("today", text("place.today"), "today", today),
        Place("ledger", text("place.ledger"), "ledger", ledger),
        Place("households", text("place.households"), "home", households),
        Place("walk_ins", text("place.walk_ins"), "phone", walk_ins),
        Place("vacancies", text("place.vacancies"), "briefcase", vacancies),
        Place("policies", text("place.policies"), "note", policies),
        Place("month", text("place.month"), "report", month),
        Place("sync", text("place.sync"), "sync", sync),
        Place("settings", text("place.settings"), "settings", settings, at_foot=True),
        Place("register", text("place.register"), "user", register, within="ledger"),
        Place("import", text("place.import"), "import", imports, within="ledger"),
        Place("doubts", text("place.doubts"), "flag", doubts, within="ledger"),
        Place("conflicts", text("conflicts.title"), "split", conflicts, within="sync"),
        Place("moves", text("moves.title"), "export", moves, within="sync"),
        Place("assignments", text("place.assignments"), "flag", assigned, within="today"),
    ]
