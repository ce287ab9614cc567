"""岗位: the list of posts, typed once, checked again, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.figures import Figures
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.host.strings import text
from jobdesk.services.drafting import drop_draft, find_drafts, keep_draft
from jobdesk.services.station_rules import station_rules
from jobdesk.services.vacancies import Vacancy, add_vacancy, change_vacancy, vacancies
from jobdesk.store import reads
from jobdesk.store.local import Draft
from jobdesk.ui import shortcuts
from jobdesk.ui.above import refused_above, stations_only
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.kit import EmptyState, column
from jobdesk.ui.serviceform.state import parse_day
from jobdesk.ui.table import Table
from jobdesk.ui.table.cells import Row
from jobdesk.ui.vacancies import state
from jobdesk.ui.vacancies.form import PostForm
from jobdesk.ui.vacancies.state import FIELDS, t
from jobdesk.ui.vacancies.taking import TakingCard
from jobdesk.ui.vacancies.view import VacanciesView

NEW_DRAFT = "vacancy/new"
DRAFT_AFTER = 2_000
"""Own figure: milliseconds without typing after which the draft of a new post is kept."""


class VacanciesScreen(Screen):
    """Posts from which a 岗位推荐 picks."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.posts: list[Vacancy] = []
        self._filter, self._seek = "current", ""
        self._asked = 0
        self._typing = False
        self.form = PostForm(FIELDS, self._behind, self._ahead)
        self.taking = TakingCard(ctx)
        self.rest = EmptyState("briefcase", t("side_empty"))
        self.side = QStackedWidget()
        for page in (self.rest, self.form, self.taking):
            self.side.addWidget(page)
        self.table = Table(state.columns(), self._rows, many=False)
        self.view = VacanciesView(self.table, self.side)
        self.setLayout(column((self.view, 1), gap=0))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_AFTER)
        self._timer.timeout.connect(self.keep)
        self._wire()

    def arrive(self, where: GoTo) -> None:
        """``subject``: that post; ``part="new"``: a new one."""
        self._seek = where.subject
        self.reload()
        if where.part == "new":
            self.new()

    def leave(self) -> None:
        """What is typed for a new post is kept."""
        self.keep()

    # ---- the list

    def reload(self) -> None:
        """Read all posts."""
        desk = self.ctx.desk
        future = desk.read(lambda con: (vacancies(con, desk), station_rules(con, desk).figures))
        self.ctx.ask(future, self, self._loaded)

    def _loaded(self, ground: tuple[list[Vacancy], Figures]) -> None:
        self.posts, self.form.figures = ground
        posts = self.posts
        seek, self._seek = self._seek, ""
        if seek and any(p.id == seek for p in posts):
            if seek not in {p.id for p in self._shown()}:
                self._filter = "all"
                self.view.search.set_value("")
            self._show()
            self.edit(seek)
        else:
            self._show()

    def _shown(self) -> list[Vacancy]:
        return state.shown(self.posts, self._filter, self.view.search.value(), self.ctx.desk.today)

    def _show(self) -> None:
        shown, today = self._shown(), self.ctx.desk.today
        counted = state.counts(self.posts, today)
        for name, chip in self.view.filters.items():
            chip.set_count(counted[name])
            chip.setChecked(name == self._filter)
        self.view.count.set_text(t("count", count=len(shown)))
        self.table.set_ids([p.id for p in shown])
        self.table.refresh()
        if not self.posts:
            self.view.nothing.say(t("empty"), t("empty_more"))
        else:
            self.view.nothing.say(t("empty_filter"))
        self.view.middle.setCurrentWidget(self.table if shown else self.view.nothing)

    def _rows(self, ids: Sequence[str]) -> list[Row]:
        wanted = set(ids)
        return [state.row_of(p, self.ctx.desk.today) for p in self.posts if p.id in wanted]

    def _choose(self, name: str) -> None:
        self._filter = name
        self._show()

    def _changed(self, changed: Changed) -> None:
        known = {p.id for p in self.posts}
        if changed.whole or not changed.subjects.isdisjoint(known) or self.isVisible():
            self.reload()

    # ---- the form

    def new(self) -> None:
        """An empty form, or what was being typed."""
        if refused_above(self.ctx):
            return
        self._asked += 1
        asked = self._asked

        def found(drafts: list[Draft]) -> None:
            if asked != self._asked:
                return
            values: Mapping[str, Json] = {"checked_on": self.ctx.desk.today.isoformat()}
            if drafts:
                values = drafts[0].body
            self.form.begin(None, values, self.ctx.desk.today)
            if drafts:
                self._tell_draft(drafts[0].saved_ms)
            self._typing = bool(drafts)
            self._open_side(self.form)
            self.form.take_focus()

        self.ctx.ask(find_drafts(self.ctx.desk, NEW_DRAFT), self, found)

    def edit(self, post_id: str) -> None:
        """The form of a post as it stands."""
        self.keep()
        self._asked += 1
        asked = self._asked
        subject = Subject("vacancy", post_id)

        def loaded(found: SubjectState) -> None:
            if asked == self._asked and found.exists:
                self._typing = False
                self.form.begin(found.root, found.root.values(), self.ctx.desk.today)
                self._open_side(self.form)
                self.form.take_focus()

        self.ctx.ask(self.ctx.desk.read(lambda con: reads.subject_state(con, subject)), self, loaded)

    def _save(self, values: Mapping[str, Json]) -> None:
        loaded = self.form.loaded
        name = " ".join(str(values[n]) for n in ("unit", "post") if values.get(n))
        if loaded is None:
            self._typing = False
            self._timer.stop()
            self.ctx.ask(drop_draft(self.ctx.desk, NEW_DRAFT), self, lambda _none: None)
            self.ctx.save(add_vacancy(self.ctx.desk, values), self, t("added", what=name))
        else:
            self.ctx.save(change_vacancy(self.ctx.desk, loaded, values), self, t("changed", what=name))
        self._close_side()

    def check_today(self) -> None:
        """再次核实: still open, checked today; what else was typed goes along."""
        values = self.form.values()
        values["checked_on"] = self.ctx.desk.today.isoformat()
        until = values.get("valid_until")
        if isinstance(until, str) and until < self.ctx.desk.today.isoformat():
            self.form.begin(self.form.loaded, values, self.ctx.desk.today)
            self.form.fields["valid_until"].set_problem(t("new_end_needed"))
            self.form.boxes["valid_until"].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._save(values)

    def end_today(self) -> None:
        """停止招聘: yesterday was its last day; it stays in the list as expired and in old records."""
        values = self.form.values()
        values["checked_on"] = self.ctx.desk.today.isoformat()
        values["valid_until"] = (self.ctx.desk.today - timedelta(days=1)).isoformat()
        loaded = self.form.loaded
        if loaded is not None:
            name = " ".join(str(values[n]) for n in ("unit", "post") if values.get(n))
            del values["checked_on"]
            self.ctx.save(change_vacancy(self.ctx.desk, loaded, values), self, t("ended", what=name))
            self._close_side()

    def keep(self) -> None:
        """Keep the draft of a new post."""
        self._timer.stop()
        if not self._typing or self.form.loaded is not None:
            return
        body = {k: v for k, v in self.form.values().items() if v is not None}
        kept = keep_draft(self.ctx.desk, NEW_DRAFT, body)
        self.ctx.ask(kept, self, lambda _none: self._tell_draft(self.ctx.desk.clock.now_ms()))

    def _typed(self) -> None:
        self._typing = True
        self._timer.start()

    def _tell_draft(self, at_ms: int) -> None:
        if self.form.loaded is None:
            self.form.draft.set_text(text("service.draft_kept", at=f"{local_datetime(at_ms):%H:%M}"))

    def _open_side(self, page: PostForm | TakingCard) -> None:
        self.side.setCurrentWidget(page)
        self.view.page.open_side()

    def _close_side(self) -> None:
        self.keep()
        self._typing = False
        self._asked += 1
        self.side.setCurrentWidget(self.rest)
        if self.view.page.is_folded:
            self.view.page.close_side()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        self.keep()
        self._asked += 1
        self._open_side(self.taking)
        self.taking.begin()

    def _behind(self, typed: str) -> date | None:
        return parse_day(typed, self.ctx.desk.today, ahead=False)

    def _ahead(self, typed: str) -> date | None:
        return parse_day(typed, self.ctx.desk.today, ahead=True)

    def _wire(self) -> None:
        view, form = self.view, self.form
        self.ctx.hub.changed.connect(self._changed)
        view.new.clicked.connect(lambda _c=False: self.new())
        view.take.clicked.connect(lambda _c=False: self._take())
        stations_only(self.ctx, view.new, view.take)
        view.search.typed.connect(lambda _t: self._show())
        for name, chip in view.filters.items():
            chip.clicked.connect(lambda _on=False, n=name: self._choose(n))
        self.table.opened.connect(self.edit)
        form.kept.connect(self._save)
        form.cancelled.connect(self._close_side)
        form.typed.connect(self._typed)
        form.check_asked.connect(self.check_today)
        form.end_asked.connect(self.end_today)
        self.taking.done.connect(self._close_side)
        shortcuts.bind(self, shortcuts.NEW.keys, self.new)
