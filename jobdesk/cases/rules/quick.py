"""The engine's bare answers without a trace, for many people: stops as soon as one fact decides.

A rule is made ready once per day (references and figures looked up) and kept with its packs; a rule that
several others refer to is answered once a person. Who shows an answer judges again, with the trace.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from jobdesk.cases.rules.engine import Vocabulary, compare
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Reading, Situation, Span
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Op, Operand, RuleRef, Term
from jobdesk.cases.rules.verdict import Outcome

_MET, _NOT, _OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
_INVERSE = {_MET: _NOT, _NOT: _MET, _OPEN: _OPEN}
_Test = Callable[[Situation], Outcome]
_Read = Callable[[Situation], Reading]


def outcome(key: str, at: Situation, words: Vocabulary) -> Outcome:
    """The outcome that ``engine.judge`` gives for this rule."""
    found = at.answers.get(key)
    if found is None:
        test = at.packs.quick.get((key, at.day))
        if test is None:
            test = at.packs.quick[key, at.day] = _ready(key, at.packs, at.day, words, ())
        found = at.answers[key] = cast(_Test, test)(at)
    return found


def _open(_at: Situation) -> Outcome:
    return _OPEN


def _ready(key: str, packs: PackSet, day: date, words: Vocabulary, under: tuple[str, ...]) -> _Test:
    entry = packs.on(key, day)
    if entry is None or entry.term is None or key in under:
        return _open
    return _made(entry.term, packs, day, words, (*under, key))


def _made(term: Term, packs: PackSet, day: date, words: Vocabulary, under: tuple[str, ...]) -> _Test:
    match term:
        case Compare():
            return _compared(term, packs, day, words)
        case RuleRef(key):
            return _referred(key, _ready(key, packs, day, words, under), circular=key in under)
        case Not(part):
            inner = _made(part, packs, day, words, under)
            return lambda at: _INVERSE[inner(at)]
        case All(parts):
            return _joined([_made(p, packs, day, words, under) for p in parts], _NOT, _MET)
        case AnyOf(parts):
            return _joined([_made(p, packs, day, words, under) for p in parts], _MET, _NOT)


def _referred(key: str, test: _Test, *, circular: bool) -> _Test:
    """Answered once a person. Within a circle an answer depends on where it was entered: never kept."""
    if circular or test is _open:
        return test

    def kept(at: Situation) -> Outcome:
        found = at.answers.get(key)
        if found is None:
            found = at.answers[key] = test(at)
        return found

    return kept


def _joined(parts: list[_Test], stop: Outcome, rest: Outcome) -> _Test:
    def test(at: Situation) -> Outcome:
        answer = rest
        for part in parts:
            found = part(at)
            if found is stop:
                return stop
            if found is _OPEN:
                answer = _OPEN
        return answer

    return test


def _compared(term: Compare, packs: PackSet, day: date, words: Vocabulary) -> _Test:
    name, op = term.fact, term.op
    how = words.get(name)
    wanted: Operand = term.wanted
    if isinstance(wanted, str) and wanted.startswith(FIGURE):
        figure = packs.figure(wanted.removeprefix(FIGURE), day)
        if figure is None or figure.value is None:
            return _open
        wanted = figure.value
    if how is None:
        return _open
    if op is Op.IS:
        return _same(name, how, wanted, _MET, _NOT)
    if op is Op.IS_NOT:
        return _same(name, how, wanted, _NOT, _MET)
    if op is Op.CONTAINS:
        return _contained(name, how, wanted)
    return _other(name, how, op, wanted)


def _same(name: str, how: _Read, wanted: Operand, equal: Outcome, different: Outcome) -> _Test:
    def test(at: Situation) -> Outcome:
        reading = at.readings.get(name)
        value = (at.read(name, how) if reading is None else reading).value
        if value is None or type(value) is Span:
            return _OPEN
        return equal if value == wanted else different

    return test


def _contained(name: str, how: _Read, wanted: Operand) -> _Test:
    def test(at: Situation) -> Outcome:
        reading = at.readings.get(name)
        value = (at.read(name, how) if reading is None else reading).value
        if not isinstance(value, frozenset):
            return _OPEN
        return _MET if wanted in value else _NOT

    return test


def _other(name: str, how: _Read, op: Op, wanted: Operand) -> _Test:
    def test(at: Situation) -> Outcome:
        reading = at.readings.get(name)
        return compare((at.read(name, how) if reading is None else reading).value, op, wanted)

    return test
