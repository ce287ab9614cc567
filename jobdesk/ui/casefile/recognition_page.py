"""认定: the three states, what every category says today, applications step by step, and the records."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial

from PySide6.QtWidgets import QWidget

from jobdesk.cases.leaving import prompted, tried
from jobdesk.cases.ops import Json
from jobdesk.cases.recognition_states import VALID
from jobdesk.host import code_lists
from jobdesk.host.fact_words import missing_words
from jobdesk.reports.recognition_data import usual_remedy
from jobdesk.services.case_files import CaseFile
from jobdesk.services.recognition import applying, leaving_recognition
from jobdesk.store.station_file import Changes
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.act_form import ActForm
from jobdesk.ui.casefile.claim_card import ClaimCard
from jobdesk.ui.casefile.claim_state import CategoryLine, c, categories, claims, grounds, situation
from jobdesk.ui.casefile.facts_pages import RECOGNITION, VERIFICATION, FactsPage
from jobdesk.ui.casefile.form_plan import FormPlan
from jobdesk.ui.casefile.page import Tools, mark_chip, note
from jobdesk.ui.casefile.states_band import StatesBand
from jobdesk.ui.kit import Button, Text, basis_link, clear, column, flow, frame, row


class RecognitionPage(FactsPage):
    """认定."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, [RECOGNITION, VERIFICATION])
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._all = False
        self.band = StatesBand()
        self._claims = column(gap=8)
        self._lines = column(gap=6)
        self._form = column(gap=8)
        self._leaving = column(gap=6)
        self.form: ActForm | None = None
        self.cards: dict[str, ClaimCard] = {}
        self.apply = Button(c("apply"), "link", icon="plus", on_click=partial(self.open_apply, ""))
        self.insert_top(column(self.band))
        self.insert_top(
            column(row(Text(c("title"), bold=True), None, self.apply), note(c("only_county")), self._form,
                   self._claims, self._leaving, gap=8)
        )  # fmt: skip
        self.insert_top(column(Text(c("verdicts"), bold=True), note(c("verdicts_note")), self._lines, gap=8))

    def begin(self, case_id: str) -> None:
        super().begin(case_id)
        self._file, self._all, self.form = None, False, None
        self.cards = {}
        for place in (self._claims, self._lines, self._form, self._leaving):
            clear(place)

    def show_file(self, file: CaseFile, words: Words) -> None:
        super().show_file(file, words)
        self._file, self._words = file, words
        self.band.show_file(file, words)
        self._show_claims(file, words)
        self._show_leaving(file, words)
        self._show_lines(file, words)

    def keep(self) -> None:
        super().keep()
        for form in (self.form, *(card.form for card in self.cards.values())):
            if form is not None:
                form.form.keep()

    def open_apply(self, category: str) -> None:
        """The form of an application, for one category or to choose."""
        file = self._file
        if file is None:
            return
        desk = self.ctx.desk
        plan = FormPlan(
            "recognition", ("category", "applied_on", "note"), needed=frozenset({"category", "applied_on"})
        )

        def submit(values: Mapping[str, Json]) -> Future[Changes]:
            chosen = values.get("category")
            rest = {k: v for k, v in values.items() if k != "category"}
            return applying.apply(desk, file.case_id, chosen if isinstance(chosen, str) else "", rest)

        name = code_lists.table("hardship").name_of(category) if category else c("title")
        form = ActForm(
            self.tools, file, plan, "claim/new", c("apply_title"), submit, c("apply_done", category=name),
            c("apply_more"),
        )  # fmt: skip
        self._open(form, {"category": category or None, "applied_on": desk.today.isoformat()})

    def open_agreement(self) -> None:
        """The supervisor agrees to 无法联系."""
        file = self._file
        if file is None:
            return
        desk = self.ctx.desk
        names = ("unreachable_agreed_by", "unreachable_agreed_on")
        plan = FormPlan("case", names, needed=frozenset(names))

        def submit(values: Mapping[str, Json]) -> Future[Changes]:
            by, on = values.get(names[0]), values.get(names[1])
            return leaving_recognition.agree_unreachable(
                desk, file.state, str(by or ""), str(on) if on else None
            )

        form = ActForm(
            self.tools, file, plan, "claim/unreachable", c("unreachable_title"), submit,
            c("unreachable_done"), c("unreachable_more"),
        )  # fmt: skip
        self._open(form, {names[1]: desk.today.isoformat()})

    # ---- inside

    def _show_claims(self, file: CaseFile, words: Words) -> None:
        if any(card.form is not None for card in self.cards.values()):
            return  # somebody is typing; the page is drawn anew when the form goes
        acted = next((record for record, card in self.cards.items() if card.acted), "")
        clear(self._claims)
        self.cards = {}
        remedy = usual_remedy(file.agenda.packs, file.agenda.today) if file.agenda else ""
        found = claims(file, words)
        for state in found:
            card = ClaimCard(self.tools, file, words, state, remedy)
            self.cards[state.held.record.id] = card
            self._claims.addWidget(card)
        if not found:
            self._claims.addWidget(note(c("none")))
        if acted in self.cards and (first := self.cards[acted].first) is not None:
            first.setFocus()

    def _show_leaving(self, file: CaseFile, words: Words) -> None:
        clear(self._leaving)
        at = situation(file)
        if at is None or file.agenda is None:
            return
        valid = any(r.text("state") in VALID for r in file.facts.of("recognition"))
        codes = prompted(at) if valid else ()
        if codes:
            table = code_lists.table("recognition_exit")
            names = "、".join(words.value("recognition", "exit_code", code) for code in codes if table)
            self._leaving.addWidget(
                frame(column(Text(c("leave_prompt", reasons=names), wrap=True), note(c("leave_note")),
                             gap=4, pad=(12, 8, 12, 8)), "warn_soft")
            )  # fmt: skip
        found = tried(file.facts, file.agenda.rules, file.agenda.packs, file.agenda.today)
        if not found.days:
            return
        parts: list[QWidget] = [
            Text(c("unreachable"), "caption", "ink_3"),
            note(c("unreachable_state", days=len(found.days), visited=len(found.visits))),
            basis_link(shown_basis(found.basis, file, words, self.tools.go)),
        ]
        agreed = file.facts.text("unreachable_agreed_on")
        if agreed and agreed >= found.days[-1]:
            who = words.who(file.facts.text("unreachable_agreed_by"))
            parts.append(note(c("unreachable_agreed", who=who, day=words.day(agreed))))
        elif found.wanted.missing:
            said = c("dot").join(missing_words(name) for name in found.wanted.missing)
            parts.insert(2, Text(c("unreachable_unknown", missing=said), "caption", "warn", wrap=True))
        elif found.founded:
            parts.append(Button(c("unreachable_ask"), "link", on_click=self.open_agreement))
        self._leaving.addWidget(flow(*parts, gap=8, baseline=True))

    def _show_lines(self, file: CaseFile, words: Words) -> None:
        clear(self._lines)
        found = categories(file)
        near = [line for line in found if line.near]
        for line in found if self._all else near:
            self._lines.addWidget(self._line(line, file, words))
        if len(near) < len(found):
            key = "show_fewer" if self._all else "show_all"
            self._lines.addLayout(row(Button(c(key), "link", on_click=self._toggle), None))
        ground = grounds(file)
        if ground is None:
            return
        parts: list[QWidget] = [
            Text(c("grounds"), "caption", "ink_3"), mark_chip(ground.words, ground.look),
        ]  # fmt: skip
        for name, basis in ground.bases:
            link = basis_link(shown_basis(basis, file, words, self.tools.go))
            link.set_text(name)
            parts.append(link)
        self._lines.addWidget(flow(*parts, gap=8))

    def _line(self, line: CategoryLine, file: CaseFile, words: Words) -> QWidget:
        parts: list[QWidget] = [
            Text(line.name, bold=True), mark_chip(line.mark, line.look),
            basis_link(shown_basis(line.basis, file, words, self.tools.go)),
        ]  # fmt: skip
        if line.may_apply:
            parts.append(Button(c("apply"), "link", on_click=partial(self.open_apply, line.code)))
        body = column(flow(*parts, gap=8, baseline=True), gap=2, pad=(12, 6, 12, 6))
        if line.more:
            body.addWidget(note(line.more))
        return frame(body, "card")

    def _toggle(self) -> None:
        self._all = not self._all
        if self._file is not None:
            self._show_lines(self._file, self._words)

    def _open(self, form: ActForm, usual: Mapping[str, Json]) -> None:
        clear(self._form)
        self.form = form
        form.closed.connect(self._closed)
        self._form.addWidget(form)
        form.start(self._words, {k: v for k, v in usual.items() if v is not None})

    def _closed(self) -> None:
        self.form = None
        self.apply.setFocus()  # else the keys go to the search of the window
