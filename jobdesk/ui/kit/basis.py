"""The content of 查看依据: why a number, a date, a reminder or a verdict is what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QLayout, QWidget

from jobdesk.host.strings import text
from jobdesk.ui.kit.buttons import Button
from jobdesk.ui.kit.chips import BlankChip, Chip, ChipLook
from jobdesk.ui.kit.labels import Text
from jobdesk.ui.kit.layouts import column, flow, frame, row, rule
from jobdesk.ui.palette import Tone

BasisStatus = Literal["confirmed", "unconfirmed", "own", "lapsed"]
Outcome = Literal["", "met", "not_met", "unknown"]
Way = Callable[[], object]
"""Opens the field where a fact is written down."""
_STATUS: dict[BasisStatus, tuple[str, ChipLook]] = {
    "confirmed": ("basis.confirmed", "ok"),
    "unconfirmed": ("app.unconfirmed", "warn"),
    "own": ("app.own_figure", "accent"),
    "lapsed": ("app.lapsed", "warn"),
}
_OUTCOME: dict[str, ChipLook] = {"met": "ok", "not_met": "bad", "unknown": "warn"}
_TONE: dict[str, Tone] = {"met": "ink_2", "not_met": "ink_2", "unknown": "warn"}


@dataclass(frozen=True, slots=True)
class BasisFact:
    """One fact that a rule compared.

    Attributes:
        condition: what it was compared with and whether that held, as a sentence.
        unchecked: known from a sheet or by word of mouth only.
        change: opens the field where it is written down; None where there is no such place here.
        prove: words and way of 核对, for what nobody has confirmed.
    """

    name: str
    value: str
    condition: str
    outcome: Outcome = ""
    unchecked: bool = False
    change: Way | None = None
    prove: tuple[str, Way] | None = None


@dataclass(frozen=True, slots=True)
class BasisStep:
    """A rule or figure that the rule refers to, with its own source."""

    sentence: str
    outcome: Outcome
    source: str
    status: BasisStatus
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """The answer to 查看依据.

    Attributes:
        sentence: the rule in plain words with its figures filled in.
        document, clause: where the rule comes from; both empty for an own figure.
        status: whether the rule was confirmed locally, not yet, is our own figure, or its period is over.
        facts: dates and people used, as (what, value).
        counted: records that count, one line each.
        not_counted: records that do not, as (record, why).
        note: one more sentence. remark: what the pack itself remarks on the rule (its ``note``).
        outcome: of a verdict: 符合, 不符合, 无法判断.
        ways: where it is corrected that is no single fact: words and way.
        checked, missing, steps: of a verdict: what was compared; what is lacking, with words and ways that
            would fill it; what it refers to.
    """

    sentence: str
    document: str = ""
    clause: str = ""
    status: BasisStatus = "confirmed"
    facts: tuple[tuple[str, str], ...] = ()
    counted: tuple[str, ...] = ()
    not_counted: tuple[tuple[str, str], ...] = ()
    note: str = ""
    outcome: Outcome = ""
    checked: tuple[BasisFact, ...] = ()
    missing: tuple[tuple[str, tuple[tuple[str, Way], ...]], ...] = ()
    steps: tuple[BasisStep, ...] = ()
    remark: str = ""
    ways: tuple[tuple[str, Way], ...] = ()


_LONG = 26
"""Characters of a condition that fit into one line of the popover (own figure)."""


def basis_layout(basis: Basis, close: Callable[[], object] | None = None) -> QLayout:
    """The content of 查看依据, for a popover or a page of its own.

    Args:
        close: called before a link leads elsewhere.
    """
    head: list[QWidget] = [Text(text("basis.title"), "strong")]
    if basis.outcome:
        head.append(Chip(text(f"outcome.{basis.outcome}"), _OUTCOME[basis.outcome]))
    key, look = _STATUS[basis.status]
    source = " ".join(part for part in (basis.document, basis.clause) if part)
    agreed = not source and basis.status == "confirmed"
    if not agreed:  # what people agreed on is no rule that anybody could confirm
        head.append(Chip(text(key), look))
    where = source or text("basis.agreed" if agreed else "basis.no_document")
    parts: list[QWidget | QLayout | int] = [
        row(*head, None),
        Text(basis.sentence, wrap=True, selectable=True),
        Text(where, "caption", "ink_2", wrap=True, selectable=True),
    ]
    if basis.remark:
        parts.append(_remark(basis.remark))
    if basis.facts:
        parts += [rule(), *(_pair(name, value) for name, value in basis.facts)]
    if basis.missing:
        parts += [rule(), _title(text("basis.missing", count=len(basis.missing)), "warn")]
        parts += [_missing(name, ways, close) for name, ways in basis.missing]
    if basis.checked:
        parts += [rule(), _title(text("basis.facts", count=len(basis.checked)), "ink")]
        parts += [_checked(fact, close) for fact in basis.checked]
    if basis.steps:
        parts += [rule(), _title(text("basis.steps", count=len(basis.steps)), "ink")]
        parts += [_step(step) for step in basis.steps]
    if basis.counted:
        parts += [rule(), _title(text("basis.counted", count=len(basis.counted)), "ok")]
        parts += [Text(line, "caption", wrap=True, selectable=True) for line in basis.counted]
    if basis.not_counted:
        parts += [rule(), _title(text("basis.not_counted", count=len(basis.not_counted)), "warn")]
        parts += [_pair(line, why) for line, why in basis.not_counted]
    if basis.ways:
        links = [_link(words, way, close) for words, way in basis.ways]
        parts += [rule(), _title(text("basis.where"), "ink"), flow(*links, gap=12, line_gap=0)]
    if basis.note:
        parts += [rule(), Text(basis.note, "caption", "ink_2", wrap=True)]
    return column(*parts, None, gap=6, pad=(16, 14, 16, 14))


def _remark(note: str) -> Text:
    return Text(text("basis.remark", note=note), "caption", "ink_2", wrap=True, selectable=True)


def _title(words: str, tone: Tone) -> Text:
    return Text(words, "caption", tone, bold=True)


def _pair(name: str, value: str) -> QWidget:
    return flow(Text(name, "caption", "ink_2"), Text(value, "caption", selectable=True), gap=10, line_gap=0)


def _link(words: str, way: Way, close: Callable[[], object] | None) -> Button:
    def follow() -> None:
        if close is not None:
            close()
        way()

    return Button(words, "link", on_click=follow)


def _missing(name: str, ways: tuple[tuple[str, Way], ...], close: Callable[[], object] | None) -> QWidget:
    links = [_link(words, way, close) for words, way in ways]
    return flow(BlankChip(name), *links, gap=8, line_gap=0, baseline=True)


def _checked(fact: BasisFact, close: Callable[[], object] | None) -> QWidget:
    parts: list[QWidget] = [
        Text(fact.name, "caption", "ink_2"), Text(fact.value, "caption", bold=True, selectable=True)
    ]  # fmt: skip
    if fact.unchecked:
        parts.append(BlankChip(text("basis.unchecked"), text("basis.unchecked_tip")))
    links = [] if fact.change is None else [_link(text("basis.correct"), fact.change, close)]
    if fact.prove is not None:
        links.insert(0, _link(fact.prove[0], fact.prove[1], close))
    tone = _TONE.get(fact.outcome, "ink_2")
    if len(fact.condition) > _LONG:
        head = flow(*parts, *links, gap=8, line_gap=0, baseline=True)
        return frame(column(head, Text(fact.condition, "caption", tone, wrap=True, selectable=True), gap=0))
    parts.append(Text(fact.condition, "caption", tone))
    return flow(*parts, *links, gap=8, line_gap=0, baseline=True)


def _step(step: BasisStep) -> QWidget:
    key, look = _STATUS[step.status]
    marks: list[QWidget] = []
    if step.outcome:
        marks.append(Chip(text(f"outcome.{step.outcome}"), _OUTCOME[step.outcome]))
    if step.status != "confirmed":
        marks.append(Chip(text(key), look))
    where = step.source or text("basis.no_document")
    parts: list[QWidget] = [Text(step.sentence, "caption", wrap=True, selectable=True)]
    if marks:
        parts.append(flow(*marks, gap=8, line_gap=0))
    parts.append(Text(where, "caption", "ink_2", wrap=True, selectable=True))
    if step.note:
        parts.append(_remark(step.note))
    return frame(column(*parts, gap=2))
