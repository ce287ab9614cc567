"""登记服务: one form for a call, a visit, a post, a job fair; embedded wherever a person is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from jobdesk.cases.due import DueLine
from jobdesk.cases.ops import Json
from jobdesk.cases.state import SubjectState
from jobdesk.host import code_lists, template_files
from jobdesk.host.strings import text
from jobdesk.services.desk import case_subject
from jobdesk.services.drafting import drop_draft, keep_draft
from jobdesk.services.editing import add_record
from jobdesk.services.moving.reading import Away
from jobdesk.services.service_forms import DRAFT, ServiceGround, load_ground
from jobdesk.services.serving import Contact, Served, ServiceEntry, record_service
from jobdesk.ui import shortcuts
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Notice
from jobdesk.ui.kit import Choice, column
from jobdesk.ui.kit.layouts import bring_into_sight
from jobdesk.ui.serviceform import filling, saving, state
from jobdesk.ui.serviceform.looking import Looking
from jobdesk.ui.serviceform.state import Preset, Typed
from jobdesk.ui.serviceform.view import ServiceView
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

DRAFT_AFTER = 2_000
"""Own figure: milliseconds without typing after which the draft is kept."""


class ServiceForm(QWidget):
    """The form. Call ``begin``; what is typed is kept as a draft and comes back after a kill.

    Args:
        above: shown over the fields in the same scrolling page.

    Signals:
        saved: the case whose form it was, once the service stands.
        cancelled: Esc or 取消.
        begun: the form shows the person (id); everything can be typed.
    """

    saved: TypedSignal[str] = signal()
    cancelled: BareSignal = bare_signal()
    begun: TypedSignal[str] = signal()

    def __init__(self, ctx: Context, above: QWidget | None = None) -> None:
        super().__init__()
        self.ctx = ctx
        self.view = ServiceView(above, self._ahead, self._behind)
        self.setLayout(column((self.view, 1), gap=0))
        self._case = ""
        self._ground: ServiceGround | None = None
        self._line: DueLine | None = None
        self._preset = Preset()
        self._states: dict[str, SubjectState] = {}
        self._looking = Looking(ctx, self.view)
        self._event = ""
        self._asked = 0
        self._saving = self._dirty = self._unkept = False
        self._focus = False
        self.after_save = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_AFTER)
        self._timer.timeout.connect(self.keep)
        self._wire()
        self._show_rest()

    # ---- what its owner does

    def begin(
        self, case_id: str, line: DueLine | None = None, preset: Mapping[str, Json] | None = None
    ) -> None:
        """Show the form for a person; with a line, for exactly that.

        What was typed for another person is kept first. A draft of this person comes back.
        """
        self.keep()
        self._case, self._line, self._ground = case_id, line, None
        self._asked += 1
        asked, given = self._asked, dict(preset or {})

        def loaded(ground: ServiceGround) -> None:
            if asked == self._asked:
                self._loaded(ground, given)

        self._show_rest()
        self.ctx.ask(load_ground(self.ctx.desk, case_id), self, loaded)

    def rest(self) -> None:
        """Nobody is chosen."""
        self.keep()
        self._case, self._ground, self._line = "", None, None
        self._asked += 1
        self._show_rest()

    def take_focus(self) -> None:
        """The cursor to the first thing that is to be filled in."""
        self._focus = True
        if self._ground is not None:
            self._place_focus()

    @property
    def case_id(self) -> str:
        """Whose form it is; empty for nobody's."""
        return self._case

    @property
    def is_touched(self) -> bool:
        """Something stands in it that was not saved yet."""
        return self._dirty and self._ground is not None

    def say_away(self, gone: Away | None) -> None:
        """Whose form it is has moved away: it can be saved all the same, and goes there."""
        who = self._ground.state.root.text("name") if self._ground is not None else ""
        if gone is not None:
            self.view.away.set_text(text("service.away", who=who, station=gone.station))
        self.view.away.setVisible(gone is not None)

    def keep(self) -> None:
        """Keep what is typed as a draft now."""
        self._timer.stop()
        if not self._unkept or self._ground is None:
            return
        self._unkept = False
        typed = self.typed()
        body = state.draft_body(typed, self._states, self._line.key if self._line else "")
        case_id = self._case

        def kept(_none: None) -> None:
            if case_id == self._case:
                filling.show_draft(self.view, self.ctx.desk.clock.now_ms(), restored=False)

        self.ctx.ask(keep_draft(self.ctx.desk, DRAFT + case_id, body), self, kept)

    def typed(self) -> Typed:
        """What stands in the form."""
        return filling.collect(self.view, self._event)

    # ---- loading

    def _loaded(self, ground: ServiceGround, given: Mapping[str, Json]) -> None:
        self._ground = ground
        self._preset = state.preset_of(self._line, given, ground.template)
        self._event = self.ctx.desk.new_id()
        self._states = {self._case: ground.state}
        view = self.view
        view.staff.set_options([Choice(s.id, s.name) for s in ground.staff if s.is_active])
        view.people.set_entries([])
        view.policies.set_values([])
        view.policies.set_options(ground.policies)
        view.people.add(self._case, ground.state.root.text("name") or "—", fixed=True)
        typed = Typed(
            {
                "served_on": self.ctx.desk.today.isoformat(),
                "staff": self.ctx.desk.actor,
                **self._preset.values,
            },
            notice=self._preset.notice,
        )
        self._dirty = self._unkept = False
        self._looking.begin(ground.posts)
        view.draft_line.hide()
        draft = ground.draft
        if draft is not None:
            typed = state.typed_of(draft.body)
            self._restore_people(ground, typed)
            self._dirty = True
        filling.fill(view, typed, ground.posts)
        if draft is not None:
            filling.show_draft(view, draft.saved_ms, restored=True)
        self._show_for(ground, typed)
        self.say_away(ground.away)
        self.begun.emit(self._case)
        if self._focus:
            self._place_focus()

    def _restore_people(self, ground: ServiceGround, typed: Typed) -> None:
        assert ground.draft is not None
        body = ground.draft.body
        self._states = {self._case: state.thaw(body, ground.state)}
        for case_id in typed.people[1:]:
            found = ground.drafted.get(case_id)
            if found is not None and found.exists:
                self._states[case_id] = state.thaw(body, found)
                self.view.people.add(case_id, found.root.text("name"))

    def _show_for(self, ground: ServiceGround, typed: Typed) -> None:
        filling.show_asked(self.view, self._preset, noticed=bool(ground.state.root.get("notice_on")))
        far = any(typed.values.get(n) for n in ("place", "companions", "offered"))
        self._show_details(far or len(typed.people) > 1)
        self._react()

    def _show_rest(self) -> None:
        self.view.body.setVisible(False)
        self.view.foot.setVisible(False)

    # ---- while somebody types

    def _wire(self) -> None:
        v = self.view
        v.kind.chosen.connect(lambda _v: self._kind_chosen())
        v.channel_chosen.connect(lambda _v: self._channel_chosen())
        v.outcome_chosen.connect(lambda _v: self._touched())
        v.staff.chosen.connect(lambda _v: self._touched())
        v.provider.chosen.connect(lambda _v: self._touched())
        for box in (v.outcome_text, v.next_reason, v.late, v.place, v.companions, v.offered, v.content):
            box.typed.connect(lambda _t: self._touched())
            box.left.connect(self.keep)
        for day in (v.day, v.next_on):
            day.typed.connect(lambda _t: self._touched())
            day.dated.connect(lambda _d: self._touched())
        for name, button in v.quick.items():
            button.clicked.connect(lambda _c=False, n=name: self._quick(n))
        for tick in (v.finish, v.notice):
            tick.clicked.connect(lambda _on=False: self._touched())
        v.people.changed.connect(self._people_changed)
        v.posts.changed.connect(self._touched)
        v.policies.changed.connect(self._touched)
        self._looking.post_taken.connect(lambda _id: self._touched())
        self._looking.person_taken.connect(lambda found: self._took_person(found.subject.id, found))
        v.new_post.clicked.connect(lambda _c=False: self.ctx.go("vacancies", part="new"))
        v.more.clicked.connect(lambda _c=False: self._show_details(v.details.isHidden()))
        v.statement.clicked.connect(lambda _c=False: self._open_statement())
        v.declared.kept.connect(self._keep_statement)
        v.forget.clicked.connect(lambda _c=False: self._forget())
        v.save.setText(f"{text('service.save')}  {shortcuts.SAVE.keys}")
        v.cancel.setText(f"{text('service.cancel')}  Esc")
        v.save.clicked.connect(lambda _c=False: self.save())
        v.cancel.clicked.connect(lambda _c=False: self.cancel())
        shortcuts.bind(self, "Ctrl+Return", self.save, window=False)
        keypad = shortcuts.bind(self, "Ctrl+Return", self.save, window=False)
        keypad.setKey("Ctrl+Enter")

    def _touched(self) -> None:
        if self._ground is None:
            return
        self._dirty = self._unkept = True
        self._timer.start()
        self._react()

    def _react(self) -> None:
        figures = self._ground.figures if self._ground is not None else template_files.figures()
        filling.react(self.view, self.typed(), self.ctx.desk.today, self.after_save, figures)

    def set_after_save(self, who: str) -> None:
        """Say whose form comes after this one was saved."""
        self.after_save = who
        if self._ground is not None:
            self._react()

    def _kind_chosen(self) -> None:
        filling.show_channels(self.view, self.view.channel.value())
        filling.show_outcomes(self.view, self.view.outcome.value())
        self._touched()

    def _channel_chosen(self) -> None:
        filling.show_outcomes(self.view, self.view.outcome.value())
        self._touched()

    def _quick(self, name: str) -> None:
        self.view.next_on.set_date(state.quick_day(name, self.ctx.desk.today, self.ctx.desk.working_days))
        self._touched()

    def _ahead(self, typed: str) -> date | None:
        return state.parse_day(typed, self.ctx.desk.today, ahead=True)

    def _behind(self, typed: str) -> date | None:
        return state.parse_day(typed, self.ctx.desk.today, ahead=False)

    def _show_details(self, on: bool) -> None:
        self.view.details.setVisible(on)
        self.view.more.set_text(text("service.less" if on else "service.more"))

    def _took_person(self, case_id: str, found: SubjectState) -> None:
        self._states[case_id] = found
        self.view.people.add(case_id, found.root.text("name"))
        self._touched()

    def _people_changed(self) -> None:
        kept = self.view.people.values()
        self._states = {i: s for i, s in self._states.items() if i in kept}
        self._touched()

    # ---- 本人声明

    def _open_statement(self) -> None:
        if self._ground is not None:
            ground = self._ground
            self.view.declared.begin(ground.facts, self.ctx.desk.today, ground.figures)
            self.view.declared.setVisible(self.view.declared.isHidden())
            if not self.view.declared.isHidden():
                self.view.declared.kind.setFocus(Qt.FocusReason.OtherFocusReason)
                bring_into_sight(self.view.declared)

    def _keep_statement(self, values: Mapping[str, Json]) -> None:
        if self._ground is None:
            return
        name = code_lists.table("statement_kind").name_of(str(values["kind"]))
        who = self._ground.state.root.text("name")
        saved = add_record(self.ctx.desk, case_subject(self._case), "statement", values)
        self.ctx.save(saved, self, text("service.statement_kept", who=who, what=name))
        self.view.declared.hide()

    # ---- ending

    def save(self) -> None:
        """Write it down, unless something is missing; then the cursor goes there."""
        if self._ground is None or self._saving:
            return
        view = self.view
        view.day.read()
        view.next_on.read()
        typed = self.typed()
        problems = saving.problems(typed, self._ground.facts, self.ctx.desk.today, self._ground.figures)
        blocking = filling.show_problems(view, problems)
        for field, box in ((view.day_field, view.day), (view.next_field, view.next_on)):
            if not box.readable:
                field.set_problem(text("kit.date_unreadable"))
                blocking = blocking or field
        if blocking is not None:
            (blocking.editor.focusProxy() or blocking.editor).setFocus()
            view.scrolled.ensureWidgetVisible(blocking)
            return
        # As a draft first: whatever happens to the save, and whoever is chosen meanwhile, it is not lost.
        self._unkept = True
        self.keep()
        self._set_saving(True)
        case_id, said = self._case, saving.said(typed, view.people.labels()[0])
        served_on = str(typed.values["served_on"])
        entry = ServiceEntry(
            typed.values,
            Contact(typed.next_on or None, typed.next_reason or None),
            dict(self._states),
            state.settled(self._preset, typed, self._case, served_on),
        )
        self.ctx.ask(
            record_service(self.ctx.desk, typed.people, entry),
            self,
            lambda served: self._saved(case_id, said, served),
            self._failed,
        )

    def _saved(self, case_id: str, said: str, served: Served) -> None:
        """The draft goes first: who reads the file when told of the save must not find it there."""

        def tell(_done: object) -> None:
            self._set_saving(False)
            saving.tell(self.ctx, served, said)
            if self._case == case_id:
                self._dirty = self._unkept = False
                self._ground = None
                self.view.draft_line.hide()
                self._show_rest()
            self.saved.emit(case_id)

        self.ctx.ask(drop_draft(self.ctx.desk, DRAFT + case_id), self, tell, tell)

    def _failed(self, error: Exception) -> None:
        self._set_saving(False)
        self.ctx.hub.trouble.emit(error)

    def _set_saving(self, on: bool) -> None:
        self._saving = on
        self.view.save.setEnabled(not on)

    def cancel(self) -> None:
        """Put the form away; what was typed can be brought back from the toast."""
        if self._dirty and self._ground is not None:
            self._drop_with_undo()
        self.cancelled.emit()

    def _drop_with_undo(self) -> None:
        case_id, line = self._case, self._line
        body = state.draft_body(self.typed(), self._states, line.key if line else "")
        self._dirty = self._unkept = False
        self._timer.stop()
        self.ctx.ask(drop_draft(self.ctx.desk, DRAFT + case_id), self, lambda _none: None)
        self.begin(case_id, line)

        def back() -> None:
            kept = keep_draft(self.ctx.desk, DRAFT + case_id, body)
            self._dirty = self._unkept = False
            self.ctx.ask(kept, self, lambda _none: self.begin(case_id, line))

        self.ctx.hub.notice.emit(Notice(text("service.dropped"), back))

    def _forget(self) -> None:
        """Throw the draft away and begin anew."""
        self._drop_with_undo()

    def _place_focus(self) -> None:
        self._focus = False
        view = self.view
        filling.first_empty(view).setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: view.scrolled.ensureWidgetVisible(view.content_field, 0, 20))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self._ground is not None:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent, /) -> None:
        self.keep()
        super().hideEvent(event)
