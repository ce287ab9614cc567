"""One application: where it stands, the next act and its day, 核对记录 beneath it, papers to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial

from PySide6.QtWidgets import QFrame, QLayout, QWidget

from jobdesk.cases.claim import DAY_OF, NEEDS, Act
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import publicity_until
from jobdesk.cases.recognition_states import VALID
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import CaseFile
from jobdesk.services.desk import Desk
from jobdesk.services.recognition import (
    accepting,
    applying,
    asking_supplement,
    checking,
    deciding,
    leaving_recognition,
    publicising,
    reviewing,
)
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.act_form import ActForm
from jobdesk.ui.casefile.claim_state import ClaimState, c, fields_of, steps_shown
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools, mark_chip, note
from jobdesk.ui.kit import Button, Chip, Text, basis_link, clear, column, flow, row

Verb = Callable[[Desk, str, RecordState, Mapping[str, Json]], Future[Changes]]
VERBS: Mapping[Act, Verb] = {
    Act.APPLY: applying.apply_for_ledger,
    Act.ACCEPT: accepting.accept,
    Act.SUPPLEMENT: asking_supplement.ask_supplement,
    Act.SUPPLEMENTED: asking_supplement.supplemented,
    Act.CHECK: checking.check,
    Act.POST: publicising.put_up,
    Act.EVIDENCE: publicising.keep_evidence,
    Act.TAKE_DOWN: publicising.take_down,
    Act.REPORT: checking.report,
    Act.RECOGNISE: deciding.recognise,
    Act.REFUSE: deciding.refuse,
    Act.NOTIFY: deciding.notify,
    Act.APPEAL: reviewing.appeal,
    Act.REVIEW: reviewing.review,
    Act.KEEP: reviewing.keep,
    Act.EXIT: leaving_recognition.leave,
    Act.WITHDRAW: leaving_recognition.withdraw,
}
_STATION = frozenset({"accepted_by", "station_checked_by"})
LOOKED = ("kind", "looked_on", "result", "system", "finding", "by_whom")


class ClaimCard(QFrame):
    """A card. An act opens its form at the foot; saving it redraws the page."""

    def __init__(self, tools: Tools, file: CaseFile, words: Words, state: ClaimState, remedy: str) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._tools, self._file, self._words, self._state, self._remedy = tools, file, words, state, remedy
        self._forms = column(gap=8)
        self.form: ActForm | None = None
        self.first: QWidget | None = None
        """Its first button: where the keys go when a form has closed."""
        self.acted = False
        body = column(gap=8, pad=(14, 12, 14, 12))
        body.addLayout(self._head())
        if not state.past and state.view.state not in ("ledger", *VALID):
            body.addWidget(self._steps())
        if state.next:
            body.addWidget(self._next())
        for line in state.lines:
            body.addWidget(note(line))
        if state.differs:
            body.addWidget(Text(state.differs, "caption", "warn", wrap=True))
        if state.view.state not in ("ledger", "withdrawn"):
            body.addWidget(self._looked())
        body.addLayout(self._forms)
        body.addWidget(self._acts())
        self.setLayout(body)

    def open_act(self, act: Act) -> None:
        """Open the form of an act."""
        record = self._state.held.record
        name = c(f"act.{act.value}")
        plan = FormPlan("recognition", fields_of(act, self._state.view.state), needed=frozenset(NEEDS[act]))
        verb, case = VERBS[act], self._state.held.case_id
        desk = self._tools.ctx.desk

        def submit(values: Mapping[str, Json]) -> Future[Changes]:
            made = accepting.receipt_no(record.id, desk.today.isoformat())
            if values.get("receipt_no") == made and (on := values.get("accepted_on")):
                values = {**values, "receipt_no": accepting.receipt_no(record.id, str(on))}
            return verb(desk, case, record, values)

        self._open(ActForm(self._tools, self._file, plan, f"claim/{record.id}/{act.value}", name, submit,
                           c("acted", act=name)), self._usual(act))  # fmt: skip

    def look_up(self) -> None:
        """Open the form for one 核对记录."""
        record, case, desk = self._state.held.record, self._state.held.case_id, self._tools.ctx.desk
        plan = FormPlan("verification", LOOKED, needed=frozenset(checking.LOOKED))

        def submit(values: Mapping[str, Json]) -> Future[Changes]:
            return checking.look_up(desk, case, record.id, values)

        form = ActForm(
            self._tools, self._file, plan, f"claim/{record.id}/look", c("look_up"), submit, c("looked_done")
        )
        self._open(form, {"looked_on": desk.today.isoformat()})

    # ---- inside

    def _head(self) -> QLayout:
        state = self._state
        marks: list[QWidget] = [mark_chip(state.state, state.look)]
        marks += [mark_chip(words, look, tip) for words, look, tip in state.notes if look != "blank"]
        return row((flow(Text(state.title, bold=True), *marks, gap=8, baseline=True), 1))

    def _steps(self) -> QWidget:
        shown = zip(self._state.steps, steps_shown(self._state.view), strict=True)
        chips: list[QWidget] = [Chip(s.words, s.look) for s, on in shown if on]  # type: ignore[arg-type]
        return flow(*chips, gap=4)

    def _next(self) -> QWidget:
        state = self._state
        parts: list[QWidget] = [
            Text(c("next"), "caption", "ink_3"), Text(state.next, tone="bad" if state.overdue else "ink"),
        ]  # fmt: skip
        if state.basis is not None:
            parts.append(basis_link(shown_basis(state.basis, self._file, self._words, self._tools.go)))
        return flow(*parts, gap=8, baseline=True)

    def _looked(self) -> QWidget:
        add = Button(c("look_up"), "link", icon="plus", on_click=self.look_up)
        found: list[QWidget] = [note(" ".join(p for p in one if p)) for one in self._state.looked]
        if not found:
            found = [Text(c("looked_none"), "caption", "warn")]
        outer = QFrame()
        outer.setProperty("look", "soft")
        head = row(Text(c("looked"), "caption", bold=True), None, add)
        outer.setLayout(column(head, *found, gap=4, pad=(10, 6, 10, 8)))
        return outer

    def _acts(self) -> QWidget:
        state = self._state
        buttons: list[QWidget] = []
        for place, act in enumerate(state.view.acts):
            first = place == 0 and state.view.state not in VALID
            look = "quiet" if first else "link"
            buttons.append(Button(c(f"act.{act.value}"), look, on_click=partial(self.open_act, act)))
        for paper in state.papers:
            key = f"{paper}:{state.held.record.id}"
            buttons.append(
                Button(c(f"paper.{paper}"), "link", icon="printer", on_click=partial(self._tools.paper, key))
            )
        self.first = buttons[0] if buttons else None
        return flow(*buttons, gap=10)

    def _usual(self, act: Act) -> Mapping[str, Json]:
        desk = self._tools.ctx.desk
        today = desk.today.isoformat()
        usual: dict[str, Json] = {DAY_OF[act]: today}
        record = self._state.held.record
        for name in fields_of(act, self._state.view.state):
            if name in _STATION:
                usual[name] = desk.actor
            elif name == "receipt_no":
                usual[name] = accepting.receipt_no(record.id, today)
            elif name == "remedy":
                usual[name] = self._remedy or None
            elif name == "source":
                usual[name] = "document"
            elif name == "publicity_until":
                asked = self._state.view.publicity
                until = publicity_until(desk.working_days, desk.today, asked) if asked else None
                usual[name] = until.isoformat() if until else None
        return {k: v for k, v in usual.items() if v is not None}

    def _open(self, form: ActForm, usual: Mapping[str, Json]) -> None:
        clear(self._forms)
        self.form = form
        form.closed.connect(self._closed)
        self._forms.addWidget(form)
        form.start(self._words, usual)

    def _closed(self) -> None:
        self.form = None
        self.acted = True
        if self.first is not None:
            self.first.setFocus()  # else the keys go to the search of the window
