"""Judging: one rule of a pack on one situation. Pure; every fact of the rule is read, none is skipped.

A test answers met, not met or unknown (Kleene). Nothing is short-circuited, so that the trace names
every fact that could turn the answer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.rules.situation import Reading, Situation, Span
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Op, Operand, RuleRef, Term
from jobdesk.cases.rules.verdict import FactUsed, Outcome, Value, Verdict, all_of, any_of

Vocabulary = Mapping[str, Callable[[Situation], Reading]]


@dataclass(slots=True)
class _Trace:
    facts: list[FactUsed] = field(default_factory=list[FactUsed])
    missing: list[str] = field(default_factory=list[str])
    steps: list[Verdict] = field(default_factory=list[Verdict])
    figures: list[Entry] = field(default_factory=list[Entry])


def judge(key: str, situation: Situation, words: Vocabulary, _under: tuple[str, ...] = ()) -> Verdict:
    """The rule's answer on the situation's day.

    ``unknown`` when no entry covers the day, when a fact is missing or too vague, or when the rules are
    circular (which ``checking`` refuses before a pack is used).
    """
    entry = situation.packs.on(key, situation.day)
    if entry is None or entry.term is None or key in _under:
        gap = situation.packs.gap(key, situation.day) if entry is None else None
        return Verdict(key, situation.day, Outcome.UNKNOWN, None, missing=(f"rule:{key}",), gap=gap)
    trace = _Trace()
    outcome = _term(entry.term, situation, words, trace, (*_under, key))
    own = [f.name for f in trace.facts if f.outcome is Outcome.UNKNOWN]
    lacking = dict.fromkeys([*own, *trace.missing]) if outcome is Outcome.UNKNOWN else {}
    return Verdict(
        key, situation.day, outcome, entry, tuple(dict.fromkeys(trace.facts)), tuple(lacking),
        tuple(trace.steps), tuple(dict.fromkeys(trace.figures)),
    )  # fmt: skip


def _term(term: Term, at: Situation, words: Vocabulary, trace: _Trace, under: tuple[str, ...]) -> Outcome:
    match term:
        case All(parts):
            return all_of([_term(p, at, words, trace, under) for p in parts])
        case AnyOf(parts):
            return any_of([_term(p, at, words, trace, under) for p in parts])
        case Not(part):
            return _term(part, at, words, trace, under).inverse
        case RuleRef(key):
            verdict = judge(key, at, words, under)
            trace.steps.append(verdict)
            trace.steps.extend(s for s in verdict.steps if s not in trace.steps)
            trace.facts.extend(verdict.facts)
            trace.figures.extend(verdict.figures)
            trace.missing.extend(m for m in verdict.missing if m.startswith(("rule:", FIGURE)))
            return verdict.outcome
        case Compare():
            return _compare(term, at, words, trace)


def _compare(term: Compare, at: Situation, words: Vocabulary, trace: _Trace) -> Outcome:
    how = words.get(term.fact)
    reading = at.read(term.fact, how) if how else Reading(None)
    wanted = term.wanted
    if isinstance(wanted, str) and wanted.startswith(FIGURE):
        figure = at.packs.figure(wanted.removeprefix(FIGURE), at.day)
        if figure is None or figure.value is None:
            trace.missing.append(wanted)
            outcome = Outcome.UNKNOWN
        else:
            trace.figures.append(figure)
            wanted = figure.value
            outcome = compare(reading.value, term.op, wanted)
    else:
        outcome = compare(reading.value, term.op, wanted)
    trace.facts.append(
        FactUsed(term.fact, shown(reading.value), term.op.value, shown_wanted(wanted), outcome,
                 reading.seen, reading.change, reading.unchecked, shown(reading.heard))
    )  # fmt: skip
    return outcome


def compare(value: Value | Span | None, op: Op, wanted: Operand) -> Outcome:
    """One comparison. A value of another kind than the operand is unknown, never an error."""
    if op is Op.KNOWN:
        return _as_outcome((value is not None) is bool(wanted))
    if value is None:
        return Outcome.UNKNOWN
    if op is Op.CONTAINS:
        return _as_outcome(wanted in value) if isinstance(value, frozenset) else Outcome.UNKNOWN
    if op is Op.IN:
        return _as_outcome(value in wanted) if isinstance(wanted, tuple) else Outcome.UNKNOWN
    if op in (Op.IS, Op.IS_NOT):
        if isinstance(value, Span):
            return Outcome.UNKNOWN
        return _as_outcome((value == wanted) is (op is Op.IS))
    return _ordered(value, op, wanted)


def _ordered(value: Value | Span, op: Op, wanted: Operand) -> Outcome:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return Outcome.UNKNOWN
    if isinstance(value, date) and isinstance(wanted, date):
        low, high, bar = value.toordinal(), value.toordinal(), wanted.toordinal()
    elif isinstance(wanted, int) and isinstance(value, Span | int):
        (low, high), bar = (value if isinstance(value, Span) else (value, value)), wanted
    else:
        return Outcome.UNKNOWN
    test = _TESTS[op]
    first, last = test(low, bar), test(high, bar)
    return _as_outcome(first) if first is last else Outcome.UNKNOWN


_TESTS: Mapping[Op, Callable[[int, int], bool]] = {
    Op.AT_LEAST: operator.ge, Op.AT_MOST: operator.le, Op.MORE_THAN: operator.gt, Op.LESS_THAN: operator.lt,
}  # fmt: skip


def _as_outcome(flag: bool) -> Outcome:
    return Outcome.MET if flag else Outcome.NOT_MET


def shown(value: Value | Span | None) -> str:
    """A value as text that the screen turns into words: ISO days, codes, numbers, yes or no."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case frozenset():
            return ",".join(sorted(value))
        case Span(low, high):
            return f"{low}..{high}"
        case _:
            return str(value)


def shown_wanted(wanted: Operand) -> str:
    return ",".join(wanted) if isinstance(wanted, tuple) else shown(wanted)
