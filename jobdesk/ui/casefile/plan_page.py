"""一人一策: what was agreed, version by version; the station's promise and the person's words apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from jobdesk.cases.history import Entry
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.services.planning import add_measure, agree_plan, review_plan
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.ask import ask_to_withdraw
from jobdesk.ui.casefile.conflict_boxes import ConflictBoxes
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.measures import MeasureTable
from jobdesk.ui.casefile.page import Page, Tools
from jobdesk.ui.casefile.plan_state import PlanState, plan_state, versions_of
from jobdesk.ui.casefile.plan_view import PlanView
from jobdesk.ui.casefile.record_editor import RecordEditor, Saver, draft_name
from jobdesk.ui.kit import Choice, clear, column

PLAN = FormPlan(
    "plan",
    ("analysis", "barriers", "barrier_text", "wish", "goal", "goal_due", "review_on",
     "promise", "promise_due", "promise_owner", "promise_done_on",
     "statement", "statement_on", "agreed_on", "agreed_by"),
    wide=frozenset({"barrier_text", "wish"}),
)  # fmt: skip
MEASURE = FormPlan(
    "measure", ("what", "owner", "owner_text", "due", "state", "done_on", "result", "reason"),
    needed=frozenset({"what"}),
)  # fmt: skip
STEP_MEASURE = FormPlan("measure", ("what", "step", *MEASURE.fields[1:]), needed=MEASURE.needed)
"""Within the circle of the service steps a measure can ask for one of them; 今日 then shows the step."""
REVIEW = FormPlan("review", ("reviewed_on", "staff", "next_on", "text"), needed=frozenset({"reviewed_on"}))
_CARRIED = ("analysis", "barriers", "barrier_text", "wish", "goal", "promise", "promise_owner", "statement")


class PlanPage(Page):
    """一人一策."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._version = ""
        self._plan: PlanState | None = None
        self._editors: dict[str, RecordEditor] = {}
        self._boxes = ConflictBoxes(tools.ctx, self)
        self._tried_drafts = False
        self.table = MeasureTable(tools, self.edit_measure)
        self.view = PlanView(self.table)
        self.setLayout(column(self.view))
        view = self.view
        view.printing.clicked.connect(lambda _checked=False: tools.paper("plan"))
        view.agree.clicked.connect(lambda _checked=False: self.agree())
        view.first.clicked.connect(lambda _checked=False: self.agree())
        view.correct.clicked.connect(lambda _checked=False: self.correct())
        view.withdraw.clicked.connect(lambda _checked=False: self._withdraw())
        view.add_measure.clicked.connect(lambda _checked=False: self.add_measure())
        view.add_review.clicked.connect(lambda _checked=False: self.review())
        view.keep_promise.clicked.connect(lambda _checked=False: self.correct())
        view.versions.chosen.connect(self._choose)

    # ---- the page

    def begin(self, case_id: str) -> None:
        self.keep()
        for editor in self._editors.values():
            editor.deleteLater()
        self._editors.clear()
        self._version, self._tried_drafts, self._plan = "", False, None
        self.view.rest()

    def show_file(self, file: CaseFile, words: Words) -> None:
        self._file, self._words = file, words
        versions = versions_of(file)
        if self._version not in {h.record.id for h in versions}:
            self._version = versions[0].record.id if versions else ""
        self._draw(versions)
        for name, editor in self._editors.items():
            kind, record_id = name.split("/")[1:3]
            held = file.find(kind, record_id)
            editor.refresh(file, words, held.record if held else RecordState(kind, "", {}))
        if not self._tried_drafts:
            self._tried_drafts = True
            self._reopen_drafts(file)

    def told(self, entries: Sequence[tuple[str, Entry]]) -> None:
        """Corrections stand in 变更记录."""

    def open_at(self, detail: str) -> None:
        """A measure's id, ``agree`` or ``review``."""
        if detail == "agree":
            self.agree()
        elif detail == "review":
            self.review()
        else:
            self.view.show_measures()

    def keep(self) -> None:
        for editor in self._editors.values():
            editor.keep()

    # ---- what can be done

    def agree(self) -> None:
        """Agree a plan, or a new version of it; the old one stays."""
        file = self._file
        if file is None:
            return
        usual: dict[str, Json] = {
            "agreed_on": self.ctx.desk.today.isoformat(),
            "agreed_by": self.ctx.desk.actor,
        }
        before = versions_of(file)
        if before:
            old = before[0].record.values()
            usual |= {n: old[n] for n in _CARRIED if n in old}

        def saver(_loaded: RecordState, values: Mapping[str, Json], _reason: str) -> Future[Changes]:
            self._version = ""
            return agree_plan(self.ctx.desk, file.state, values)

        title = t("plan_renew" if before else "plan_first")
        self._open(PLAN, RecordState("plan", "", {}), Subject("case", file.case_id), title, saver, usual)

    def correct(self) -> None:
        """Correct the version shown: with a reason where something is replaced."""
        if self._plan is not None:
            held = self._plan.held
            self._open(PLAN, held.record, Subject("case", held.case_id), t("plan_correct"), None, {})

    def add_measure(self) -> None:
        """One more measure of the plan in force."""
        plan = self._plan
        if plan is None:
            return

        def saver(_loaded: RecordState, values: Mapping[str, Json], _reason: str) -> Future[Changes]:
            return add_measure(self.ctx.desk, plan.held.case_id, plan.held.record.id, values)

        usual: dict[str, Json] = {"owner": self.ctx.desk.actor, "state": "planned"}
        self._open(
            self._measure_form(),
            RecordState("measure", "", {}),
            Subject("case", plan.held.case_id),
            t("measure_add"),
            saver,
            usual,
        )

    def edit_measure(self, record_id: str) -> None:
        """Correct a measure."""
        held = self._file.find("measure", record_id) if self._file else None
        if held is not None:
            form = self._measure_form()
            self._open(form, held.record, Subject("case", held.case_id), "", None, {})

    def _measure_form(self) -> FormPlan:
        return STEP_MEASURE if self._file is not None and self._file.progress.member.circle else MEASURE

    def review(self) -> None:
        """阶段评估 of the plan in force."""
        plan = self._plan
        if plan is None:
            return

        def saver(_loaded: RecordState, values: Mapping[str, Json], _reason: str) -> Future[Changes]:
            return review_plan(self.ctx.desk, plan.held.case_id, plan.held.record, values)

        usual: dict[str, Json] = {
            "reviewed_on": self.ctx.desk.today.isoformat(),
            "staff": self.ctx.desk.actor,
        }
        self._open(
            REVIEW,
            RecordState("review", "", {}),
            Subject("case", plan.held.case_id),
            t("review_add"),
            saver,
            usual,
        )

    # ---- inside

    def _open(
        self, form: FormPlan, record: RecordState, subject: Subject, title: str, saver: Saver | None,
        usual: Mapping[str, Json],
    ) -> None:  # fmt: skip
        file = self._file
        name = draft_name(form.kind, record.id)
        if file is None or name in self._editors:
            return
        editor = RecordEditor(
            self.ctx, self.tools.looks, form, record, subject, file.case_id, title=title, saver=saver
        )
        self._editors[name] = editor
        editor.closed.connect(lambda: self._close(name))
        self.view.place_for(form.kind).addWidget(editor)
        editor.start(file, self._words, usual)
        self.view.bring_into_sight(editor)

    def _close(self, name: str) -> None:
        editor = self._editors.pop(name, None)
        if editor is not None:
            editor.hide()
            editor.deleteLater()

    def _reopen_drafts(self, file: CaseFile) -> None:
        if draft_name("plan", "") in file.drafts:
            self.agree()
        if self._plan is not None and draft_name("plan", self._plan.held.record.id) in file.drafts:
            self.correct()
        if draft_name("measure", "") in file.drafts:
            self.add_measure()
        if draft_name("review", "") in file.drafts:
            self.review()
        for held in file.held("measure"):
            if draft_name("measure", held.record.id) in file.drafts:
                self.edit_measure(held.record.id)

    def _choose(self, version: str) -> None:
        self._version = version
        if self._file is not None:
            self._draw(versions_of(self._file))

    def _draw(self, versions: list[Held]) -> None:
        file = self._file
        assert file is not None
        held = next((h for h in versions if h.record.id == self._version), None)
        if held is None:
            self._plan = None
            asked = any(m.code == "plan" for m in file.completeness.missing)
            self.view.show_none(asked)
            return
        is_current = held is versions[0]
        self._plan = plan_state(file, held, self._words, is_current)
        choices = [
            Choice(h.record.id, t("plan_version_now" if h is versions[0] else "plan_version",
                                  words=plan_state(file, h, self._words, False).agreed))
            for h in versions
        ]  # fmt: skip
        self.view.show_plan(self._plan, self._words, file, choices)
        self.table.show_measures(self._plan.measures, file, self._words, not is_current)
        with self._boxes.redrawn():
            clear(self.view.conflicts)
            for box in self._boxes.of(Subject("case", held.case_id), held.record, self._words):
                self.view.conflicts.addWidget(box)

    def _withdraw(self) -> None:
        plan = self._plan
        if plan is None:
            return
        held = plan.held
        mine = [
            ("measure", m.held.record.id)
            for m in plan.measures
            if m.held.record.get("plan") == held.record.id
        ]
        mine += [("review", r.record.id) for r in plan.reviews if r.record.get("plan") == held.record.id]
        together = [("plan", held.record.id), *mine]
        ask = ask_to_withdraw(self.ctx, self._words, held.case_id, together, t("plan_with_measures"))
        self.view.place_for("plan").addWidget(ask)
