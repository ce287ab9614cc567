"""One policy as a card: for whom, what is lacking, amounts with their documents, papers, where to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.policy_matching import Match, Standing
from jobdesk.cases.rules.policy_cards import Amount, Card, Terms
from jobdesk.ui.kit import Basis, Button, Chip, Text, basis_link, column, flow, row
from jobdesk.ui.policies import words
from jobdesk.ui.policies.words import t


def facts_of(card: Card, terms: Terms, amounts: Sequence[Amount], day: date) -> list[QWidget]:
    """For whom, what is asked, who applies, amounts, papers, where, what is not known: a line each."""
    lines = words.amount_lines(amounts, day)
    source = card.entry.source
    said = [
        (t("circle"), words.term(terms.circle, day) or t("lack_rule")),
        (t("needs"), words.term(terms.needs, day)),
        (t("applicant"), words.applicants(card)),
        (t("amounts"), "\n".join([*lines, t("amounts_as")]) if lines else t("amounts_none")),
        (t("also"), "；".join(card.also)),
        (t("papers"), "、".join(card.papers) + t("papers_as")),
        (t("where"), card.where),
        (t("unknown"), "；".join(card.unknown)),
        (t("source"), f"{source.document} {source.clause}{words.mark(card.status_on(day))}"),
    ]
    return [_line(name, value) for name, value in said if value]


def _line(name: str, value: str) -> QWidget:
    left = Text(name, "caption", "ink_3")
    left.setFixedWidth(72)
    line = row(left, (Text(value, "caption", wrap=True, selectable=True), 1), gap=8)
    line.setAlignment(left, Qt.AlignmentFlag.AlignTop)
    holder = QWidget()
    holder.setLayout(line)
    return holder


class PolicyCard(QFrame):
    """A card for one person, its details folded.

    Args:
        why: the two traces as the popover shows them: circle, and what else is needed.
        tell: records that the person was told; None hides the button.
    """

    def __init__(
        self, one: Match, terms: Terms, amounts: Sequence[Amount], day: date, why: Sequence[Basis],
        tell: Callable[[], object] | None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "card")
        card = one.card
        status = words.mark(terms.status)
        chips: list[QWidget] = []
        if not (one.receiving and one.standing is Standing.LACKING):  # the record stands for what is asked
            chips.append(Chip(t(f"standing_{one.standing.value}"), words.LOOKS[one.standing]))  # type: ignore[arg-type]
        chips.append(Chip(t("who_applies", who=words.applicants(card)), "outline"))
        if status:
            chips.append(Chip(status.strip("（）"), "warn"))
        if one.unchecked and one.standing is not Standing.NOT:
            chips.append(Chip(t("unchecked"), "warn"))
        if one.receiving:
            chips.append(Chip(t("running"), "accent"))
        if one.told_on:
            chips.append(Chip(t("told", day=words.day(one.told_on)), "plain"))
        elif one.to_tell:
            chips.append(Chip(t("untold"), "accent"))
        self.more = Button(t("more"), "link", on_click=self._unfold)
        links: list[QWidget] = [basis_link(b) for b in why[:1]]
        links += [_named(basis_link(b), t("needs_basis")) for b in why[1:2]]
        if tell is not None:
            links.append(Button(t("tell_one"), "link", icon="check", on_click=tell))
        body = column(
            row((Text(card.title, bold=True, wrap=True), 1), self.more, gap=6), flow(*chips, gap=6),
            gap=5, pad=(14, 10, 10, 10),
        )  # fmt: skip
        lacking = "" if one.receiving else words.lacks(one)
        if lacking:
            body.addWidget(Text(lacking, "caption", "warn", wrap=True))
        self._details = QWidget()
        self._details.setLayout(column(*facts_of(card, terms, amounts, day), gap=4))
        self._details.hide()
        body.addWidget(self._details)
        body.addWidget(flow(*links, gap=12))
        self.setLayout(body)

    def _unfold(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self.more.setText(t("less") if shown else t("more"))


def _named(link: Button, name: str) -> Button:
    link.setText(name)
    return link
