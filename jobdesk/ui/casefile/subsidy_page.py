"""补贴: cards for this person, subsidies in payment with their months, the public post, and the records."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from jobdesk.cases.errors import JobdeskError
from jobdesk.cases.policy_matching import Match, Standing
from jobdesk.cases.rules.subsidy_ends import Usage
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.bulk import Bulk
from jobdesk.services.case_files import CaseFile
from jobdesk.services.policy_finding import PersonPolicies, PostHeld, load_person
from jobdesk.services.policy_telling import tell
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words
from jobdesk.ui.casefile.facts_pages import BENEFIT, PUBLIC_POST, SUBSIDY, FactsPage
from jobdesk.ui.casefile.page import Tools, note
from jobdesk.ui.hub import Changed, Notice
from jobdesk.ui.kit import Button, Chip, Text, basis_link, clear, column, flow, frame, row
from jobdesk.ui.kit.chips import BlankChip
from jobdesk.ui.notices import sentence_of
from jobdesk.ui.policies.card_view import PolicyCard
from jobdesk.ui.policies.tell_form import TellAsk, Told
from jobdesk.ui.policies.usage_view import UsageCard
from jobdesk.ui.policies.words import lack_name, policy_names, t


class SubsidyPage(FactsPage):
    """补贴. What is computed is loaded after the records, so that the page stands at once."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, [BENEFIT, SUBSIDY, PUBLIC_POST])
        self._file: CaseFile | None = None
        self._words = Words(tools.ctx.desk.today)
        self._asked = 0
        self._all = False
        self._waiting: list[str] = []
        self._usages = column(gap=8)
        self._posts = column(gap=8)
        self._cards = column(gap=8)
        self._asking = column(gap=8)
        self._count = Text("", "caption", "ink_2")
        self.tell_all = Button(t("tell_all"), icon="check", on_click=self._ask_all)
        self.print = Button(t("print"), "link", icon="printer", on_click=lambda: tools.paper("policies"))
        head = flow(Text(t("cards"), bold=True), self._count, self.tell_all, self.print, gap=10)
        self.insert_top(column(self._usages, self._posts, gap=8))
        self.insert_top(column(head, note(t("cards_note")), self._asking, self._cards, gap=8))

    def begin(self, case_id: str) -> None:
        super().begin(case_id)
        self._asked += 1
        self._file, self._all = None, False
        for place in (self._usages, self._posts, self._cards, self._asking):
            clear(place)
        self._count.set_text("")
        self.tell_all.hide()

    def show_file(self, file: CaseFile, words: Words) -> None:
        super().show_file(file, words)
        self._file, self._words = file, words
        self._asked += 1
        asked = self._asked

        def loaded(found: PersonPolicies) -> None:
            if asked == self._asked:
                self._show(found)

        self.ctx.ask(load_person(self.ctx.desk, file.facts), self, loaded)

    # ---- inside

    def _show(self, found: PersonPolicies) -> None:
        file = self._file
        if file is None:
            return
        for place in (self._usages, self._posts, self._cards):
            clear(place)
        for number, usage in enumerate(found.usages):
            self._usages.addWidget(self._usage(usage, found, file, first=number == 0))
        for post in found.posts:
            self._posts.addWidget(self._post(post, file))
        possible = sum(m.standing is Standing.POSSIBLE for m in found.matches)
        waiting = [m.card.code for m in found.matches if m.to_tell]
        self._count.set_text(t("cards_count", possible=possible, untold=len(waiting)))
        self.tell_all.setVisible(bool(waiting))
        self._waiting = waiting
        shown = [m for m in found.matches if self._all or _is_near(m)]
        for one in shown:
            self._cards.addWidget(self._card(one, found, file))
        rest = len(found.matches) - len(shown)
        if rest:
            more = Button(t("show_rest", count=rest), "link", on_click=lambda: self._show_rest(found))
            self._cards.addLayout(row(None, more, None))

    def _show_rest(self, found: PersonPolicies) -> None:
        self._all = True
        self._show(found)

    def _card(self, one: Match, found: PersonPolicies, file: CaseFile) -> QWidget:
        verdicts = [one.circle, *([one.needs] if one.needs is not None else [])]
        why = [shown_basis(v.basis(), file, self._words, self.tools.go) for v in verdicts]
        tell_one = (lambda: self._ask([one.card.code])) if one.to_tell else None
        return PolicyCard(one, found.terms(one.card), found.amounts(one.card), found.today, why, tell_one)

    def _usage(self, usage: Usage, found: PersonPolicies, file: CaseFile, *, first: bool) -> QWidget:
        basis = shown_basis(usage.basis(), file, self._words, self.tools.go)
        ext, confirm = usage.extension, None
        records = [r for r in usage.months.records if r.kind == "subsidy"]
        if first and (ext.asks or ext.claimed) and records:
            record = next((r for r in usage.running if r.kind == "subsidy"), records[-1])
            confirm = lambda: self.open_at(record.id)  # noqa: E731
        return UsageCard(usage, basis, found.after.get(usage.family, ()), confirm, whole=first)

    def _post(self, held: PostHeld, file: CaseFile) -> QWidget:
        record, verdict = held.record, held.entitled.verdict
        code = record.text("kind")
        kind = code_lists.table("public_post_kind").name_of(code) if code else ""
        looks = {"met": "ok", "not_met": "bad", "unknown": "warn"}
        chip = Chip(t(f"post_{verdict.outcome.value}"), looks[verdict.outcome.value])  # type: ignore[arg-type]
        why = verdict.basis()
        basis = shown_basis(why, file, self._words, self.tools.go)
        open_ = [Chip(text("app.unconfirmed"), "warn")] if why.status == "unconfirmed" else []
        name = " ".join(w for w in (record.text("unit"), record.text("post")) if w) or t("post")
        body = column(
            row((Text(t("post_title", name=name), bold=True, wrap=True), 1), basis_link(basis), gap=8),
            flow(*([Chip(kind, "outline")] if kind else [BlankChip(t("post_kind"))]), chip, *open_, gap=6),
            gap=6, pad=(14, 10, 12, 10),
        )  # fmt: skip
        if held.entitled.needs_document:
            document = record.text("basis_document")
            body.addWidget(note(t("post_conflict")))
            if document:
                body.addWidget(note(t("post_document", document=document)))
            else:
                body.addLayout(row(BlankChip(t("post_no_document")), None))
        lacking = [lack_name(n) for n in verdict.missing]
        if lacking:
            body.addWidget(note(t("lacks", what="、".join(lacking))))
        return frame(body, "card")

    # ---- telling

    def _ask_all(self) -> None:
        self._ask(self._waiting)

    def _ask(self, codes: Sequence[str]) -> None:
        file = self._file
        if file is None or not codes:
            return
        clear(self._asking)

        def answer(told: Told) -> None:
            self.ctx.ask(tell(self.ctx.desk, told.of({file.case_id: list(codes)})), self, done, failed)

        def done(made: Bulk) -> None:
            ask.close_ask()
            self.ctx.hub.changed.emit(Changed(frozenset({file.case_id})))
            undo = (lambda: self.ctx.undo(made.actions[0])) if made.actions else None
            self.ctx.hub.notice.emit(Notice(t("told_done", count=len(codes)), undo))

        def failed(error: Exception) -> None:
            ask.say(sentence_of(error) if isinstance(error, JobdeskError) else "")
            if not isinstance(error, JobdeskError):
                self.ctx.hub.trouble.emit(error)

        ask = TellAsk(t("ask_title"), policy_names(codes), lambda: self.ctx.desk.today, answer)
        self._asking.addWidget(ask)


def _is_near(one: Match) -> bool:
    """Cards shown at once: 可能符合, paid, told, or the person is in the circle; the rest on request."""
    return one.standing is Standing.POSSIBLE or one.in_circle or bool(one.told_on) or one.receiving
