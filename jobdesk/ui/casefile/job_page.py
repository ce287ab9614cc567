"""就业: the three states, 失业登记 as spells, 就业登记 with its 凭据, placements, 失业保险金 from–to."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from PySide6.QtWidgets import QWidget

from jobdesk.cases.ops import Json
from jobdesk.cases.registration_spells import is_verified, running_spell, work_running
from jobdesk.cases.rules.vocabulary import judge
from jobdesk.cases.state import RecordState
from jobdesk.services.case_files import CaseFile
from jobdesk.services.registration import employing, ending, entering
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words, span, t
from jobdesk.ui.casefile.act_form import ActForm, Submit
from jobdesk.ui.casefile.facts_pages import (
    ABSENCE,
    BUSINESS,
    EMPLOYMENT,
    PLACEMENT,
    REGISTRATION,
    FactsPage,
)
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools, mark_chip, note
from jobdesk.ui.casefile.states_band import StatesBand, j
from jobdesk.ui.kit import Button, Text, basis_link, clear, column, flow, frame

_SOURCE = ("source", "authority", "number")
"""Never filled in for the clerk: 省系统 and 文书 start legal clocks."""
_LOOKS = {"met": "ok", "not_met": "plain", "unknown": "warn"}
ENTER = FormPlan(
    "registration", ("since", "reason", "application_no", "by_promise", *_SOURCE, "note"),
    needed=frozenset({"since", "reason"}),
)  # fmt: skip
END = FormPlan("registration", ("until", "end_reason", "note"), needed=frozenset({"until", "end_reason"}))
WORK = FormPlan(
    "employment", ("since", "form", "unit", "evidence_kind", "evidence", "registered_on", *_SOURCE, "note"),
    needed=frozenset({"since", "form", "evidence_kind"}),
)  # fmt: skip


class JobPage(FactsPage):
    """就业."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, [REGISTRATION, EMPLOYMENT, PLACEMENT, ABSENCE, BUSINESS])
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self.band = StatesBand()
        self.form: ActForm | None = None
        self._form = column(gap=8)
        self._told = column(gap=6)
        self.enter = Button(j("enter"), icon="plus", on_click=self.open_enter)
        self.end = Button(j("end"), on_click=self.open_end)
        self.work = Button(j("work"), icon="plus", on_click=self.open_work)
        self.insert_top(column(self.band))
        self.insert_top(column(flow(self.enter, self.end, self.work, gap=8), self._form, self._told, gap=8))

    def begin(self, case_id: str) -> None:
        super().begin(case_id)
        self._file, self.form = None, None
        clear(self._form)
        clear(self._told)

    def show_file(self, file: CaseFile, words: Words) -> None:
        super().show_file(file, words)
        self._file, self._words = file, words
        self.band.show_file(file, words)
        spell = self._running(file)
        self.enter.setVisible(spell is None)
        self.enter.set_text(j("enter_again" if file.facts.of("registration") else "enter"))
        self.end.setVisible(spell is not None)
        clear(self._told)
        self._show_prompt(file, words)
        self._show_may(file, words)
        self._show_benefit(file, words)

    def keep(self) -> None:
        super().keep()
        if self.form is not None:
            self.form.form.keep()

    def open_enter(self) -> None:
        """The form of a new spell of 失业登记."""
        file = self._file
        if file is not None:
            desk, case = self.ctx.desk, file.case_id
            self._open(ENTER, "job/enter", "enter", lambda v: entering.enter(desk, case, v),
                       {"since": desk.today.isoformat()})  # fmt: skip

    def open_end(self) -> None:
        """The form of 注销失业登记, with what the work that runs proposes."""
        file = self._file
        spell = self._running(file) if file else None
        if file is None or spell is None or file.agenda is None:
            return
        desk, case = self.ctx.desk, file.case_id
        day, reason = ending.proposed_reason(file.facts, file.agenda.packs, desk)
        usual: dict[str, Json] = {"until": day if len(day) == 10 else desk.today.isoformat()}
        if reason:
            usual["end_reason"] = reason

        def submit(values: Mapping[str, Json]) -> Future[Changes]:
            return ending.end_spell(desk, case, spell, values)

        self._open(END, f"job/end/{spell.id}", "end", submit, usual)

    def open_work(self) -> None:
        """The form of a 就业登记."""
        file = self._file
        if file is not None:
            desk, case = self.ctx.desk, file.case_id
            self._open(WORK, "job/work", "work", lambda v: employing.register_work(desk, case, v),
                       {"since": desk.today.isoformat()})  # fmt: skip

    # ---- inside

    def _running(self, file: CaseFile) -> RecordState | None:
        """The spell that runs, where it is this file's own."""
        found = running_spell(file.facts, self.ctx.desk.day.isoformat())
        held = file.find("registration", found.id) if found is not None else None
        return held.record if held is not None and held.case_id == file.case_id else None

    def _show_prompt(self, file: CaseFile, words: Words) -> None:
        if self._running(file) is None:
            return
        work = work_running(file.facts, self.ctx.desk.day.isoformat())
        if work:
            one = work[0]
            key = "end_prompt" if is_verified(one) else "end_prompt_unverified"
            unit = one.text("unit") or j("some_unit")
            said = Text(j(key, unit=unit, day=words.day(one.text("since"))), wrap=True)
            self._told.addWidget(frame(column(said, pad=(12, 8, 12, 8)), "warn_soft"))

    def _show_may(self, file: CaseFile, words: Words) -> None:
        if self._running(file) is not None or file.agenda is None:
            return
        verdict = judge("registration.may_register", file.agenda.situation(file.facts))
        parts: list[QWidget] = [
            Text(j("may"), "caption", "ink_3"),
            mark_chip(j(f"may_{verdict.outcome.value}"), _LOOKS[verdict.outcome.value]),
            basis_link(shown_basis(verdict.basis(), file, words, self.tools.go)),
        ]
        self._told.addWidget(flow(*parts, gap=8, baseline=True))

    def _show_benefit(self, file: CaseFile, words: Words) -> None:
        for record in file.facts.of("benefit"):
            parts: list[QWidget] = [
                Text(t("section.benefit"), "caption", "ink_3"),
                note(span(words, record.values)),
                Button(j("open_benefit"), "link", on_click=lambda i=record.id: self.tools.go("subsidy", i)),
            ]
            self._told.addWidget(flow(*parts, gap=8, baseline=True))
        if not file.facts.of("benefit"):
            add = Button(j("add_benefit"), "link", on_click=lambda: self.tools.go("subsidy", "add:benefit"))
            self._told.addWidget(
                flow(Text(t("section.benefit"), "caption", "ink_3"), add, gap=8, baseline=True)
            )

    def _open(self, plan: FormPlan, name: str, key: str, submit: Submit, usual: Mapping[str, Json]) -> None:
        assert self._file is not None
        clear(self._form)
        form = ActForm(
            self.tools, self._file, plan, name, j(f"{key}_title"), submit, j(f"{key}_done"), j(f"{key}_more")
        )
        self.form = form
        form.closed.connect(self._closed)
        self._form.addWidget(form)
        form.start(self._words, usual)

    def _closed(self) -> None:
        self.form = None
        self.work.setFocus()  # else the keys go to the search of the window
