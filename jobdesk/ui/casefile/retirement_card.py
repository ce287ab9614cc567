"""年龄与退休: the statutory date, the elastic range, what is still open, each with 查看依据."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from jobdesk.cases.due_retirement import Ages, ages_of, basis_of
from jobdesk.cases.rules.facts_person import age
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.retirement import contribution_months
from jobdesk.cases.rules.situation import Situation, Span
from jobdesk.host import code_lists
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_basis import shown_basis
from jobdesk.ui.case_words import Words, t
from jobdesk.ui.casefile.page import Tools
from jobdesk.ui.kit import Basis, BlankChip, Card, Chip, Text, basis_link, clear, column, flow


@dataclass(frozen=True, slots=True)
class RetirementState:
    """What the card says.

    Attributes:
        dates: for each possible type its name and its dates in words.
        open_type: a woman's type is not recorded: 原类别未核对.
        reached: a possible date has come while no pension is recorded.
        unconfirmed: nobody has confirmed the birth: the dates are shown, and nothing follows from them.
    """

    age: str
    dates: tuple[tuple[str, str], ...]
    open_type: bool
    reached: bool
    pension: str
    basis: Basis | None
    unconfirmed: bool = False


def retirement_state(file: CaseFile, words: Words, tools: Tools | None = None) -> RetirementState | None:
    """None while nothing is known that could be said."""
    if file.agenda is None:
        return None
    at = file.agenda.situation(file.facts)
    known = age(at).value
    said = ""
    if isinstance(known, Span):
        said = t("age_between", low=known.low, high=known.high)
    elif isinstance(known, int):
        said = t("age_is", age=known)
    ages = ages_of(at)
    if not said and not ages.dates:
        return None
    since = file.facts.text("pension_since")
    basis = None
    if ages.dates:
        basis = shown_basis(basis_of(at, ages), file, words, tools.go if tools else None)
    return RetirementState(
        said,
        tuple((_kind(high.kind), _dates(ages, n, words, at)) for n, (_low, high) in enumerate(ages.dates)),
        bool(ages.dates) and not ages.recorded,
        ages.confirmed and not since and any(high.day <= at.day for _low, high in ages.dates),
        t("pension_since_day", day=words.day(since)) if since else "",
        basis,
        bool(ages.dates) and not ages.confirmed,
    )


def _kind(kind: str) -> str:
    return code_lists.table("retirement_type").name_of(kind)


def _dates(ages: Ages, number: int, words: Words, at: Situation) -> str:
    """By month, as the annex of the reform has it: the day would be that of the birth, which is veiled."""
    _low, high = ages.dates[number]
    said = t("retires_on", day=words.day(high.day.isoformat()[:7]))
    if high.delay:
        said += t("retires_later", months=high.delay)
    earliest, latest = (d.isoformat()[:7] for d in (high.earliest, high.latest))
    said += t("retires_elastic", earliest=words.day(earliest), latest=words.day(latest))
    return said + _contributions(at.packs, high.day.isoformat(), contribution_months(at.packs, high.day))


def _contributions(packs: PackSet, day: str, months: int | None) -> str:
    if months is None:
        return ""
    years, rest = divmod(months, 12)
    return t("retires_paid_half" if rest else "retires_paid", years=years)


class RetirementCard(Card):
    """Takes no room while nothing is known."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._lines = column(gap=6)
        super().__init__(self._lines, title=t("section.retirement"))

    def show_file(self, file: CaseFile, words: Words) -> None:
        state = retirement_state(file, words, self._tools)
        clear(self._lines)
        self.setVisible(state is not None)
        if state is None:
            return
        head: list[QWidget] = [Text(state.age, bold=True)] if state.age else []
        if state.pension:
            head.append(Chip(state.pension, "ok"))
        elif state.reached:
            head.append(Chip(t("retirement_reached"), "warn"))
        if state.unconfirmed:
            head.append(BlankChip(t("retirement_unconfirmed"), t("retirement_unconfirmed_tip")))
        if state.open_type:
            head.append(BlankChip(t("retirement_open"), t("retirement_open_tip")))
        if state.basis is not None:
            head.append(basis_link(state.basis))
        self._lines.addWidget(flow(*head, gap=10, baseline=True))
        for name, dates in state.dates:
            self._lines.addWidget(
                flow(Text(name, "caption", "ink_2"), Text(dates, "caption", wrap=True), gap=10, line_gap=0)
            )
