"""What a rule answers, and everything that went into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobdesk.cases.basis import Basis, Checked, Seen, Step
from jobdesk.cases.rules.pack import Entry

Value = str | int | bool | date | frozenset[str]


class Outcome(StrEnum):
    """``outcome.<name>`` in the strings: 符合, 不符合, 无法判断."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    @property
    def inverse(self) -> Outcome:
        return {Outcome.MET: Outcome.NOT_MET, Outcome.NOT_MET: Outcome.MET}.get(self, self)


def all_of(outcomes: list[Outcome]) -> Outcome:
    """One that is not met decides; else one that is unknown."""
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET


def any_of(outcomes: list[Outcome]) -> Outcome:
    """One that is met decides; else one that is unknown."""
    if Outcome.MET in outcomes:
        return Outcome.MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.NOT_MET


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact as one comparison met it.

    Attributes:
        shown: the value as text (ISO days, codes, numbers, ``yes``/``no``); empty when it is missing.
        wanted: operator and value that it was compared with, figures already looked up.
        change: (record kind, field) that a person would correct if it is wrong.
        unchecked: known from a sheet or the person's own word alone (未核对).
        heard: of a legal clock that has not started: what it would say if that were confirmed.
    """

    name: str
    shown: str
    op: str
    wanted: str
    outcome: Outcome
    seen: tuple[Seen, ...] = ()
    change: tuple[tuple[str, str], ...] = ()
    unchecked: bool = False
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one rule on one day.

    Attributes:
        entry: None when no entry covers the day (unknown key, undeclared day, declared gap).
        facts: every fact that was read, whether or not it decided.
        missing: facts whose absence (or vagueness) keeps the answer open, by name.
        steps: rules that this one refers to, in order, with their own answers.
        gap: where the pack declares that nothing is known for the day: that entry.
    """

    key: str
    day: date
    outcome: Outcome
    entry: Entry | None
    facts: tuple[FactUsed, ...] = ()
    missing: tuple[str, ...] = ()
    steps: tuple[Verdict, ...] = ()
    figures: tuple[Entry, ...] = ()
    gap: Entry | None = None

    @property
    def met(self) -> bool:
        return self.outcome is Outcome.MET

    @property
    def unknown(self) -> bool:
        return self.outcome is Outcome.UNKNOWN

    @property
    def unchecked(self) -> bool:
        """Whether a fact that was read is known from a sheet or by word of mouth only."""
        return any(f.unchecked for f in self.facts)

    def basis(self) -> Basis:
        """The same as 查看依据 shows it."""
        entry = self.entry
        if entry is None:
            return _no_rule(self.key, self.day, self.gap)
        seen = tuple(dict.fromkeys(s for f in self.facts for s in f.seen))
        return Basis(
            entry.key,
            entry.source,
            entry.status_on(self.day),
            (("judged_on", self.day.isoformat()),),
            seen,
            sentence=entry.sentence,
            outcome=self.outcome.value,
            facts=tuple(
                Checked(f.name, f.shown, f.op, f.wanted, f.outcome.value, f.unchecked, f.change, f.heard)
                for f in self.facts
            ),
            missing=self.missing,
            steps=(
                *(_step(v.key, v.entry or v.gap, v.outcome.value, self.day) for v in self.steps),
                *(_step(e.key, e, "", self.day) for e in self.figures),
            ),
            remark=entry.note,
        )


def _no_rule(key: str, day: date, gap: Entry | None) -> Basis:
    dates = (("judged_on", day.isoformat()),)
    if gap is None:
        return Basis("no_rule", params=(("key", key),), dates=dates)
    return Basis(gap.key, gap.source, gap.status, dates, sentence=gap.sentence,
                 outcome=Outcome.UNKNOWN.value, missing=(f"rule:{key}",), remark=gap.note)  # fmt: skip


def _step(key: str, entry: Entry | None, outcome: str, day: date) -> Step:
    if entry is None:
        return Step(key, "", outcome, None, "unconfirmed")
    return Step(key, entry.sentence, outcome, entry.source, entry.status_on(day), entry.note)
