"""The engine's bare answers without a trace, for many people: stops as soon as one fact decides.

A rule is made ready once per day (references and figures looked up) and kept with its packs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jobdesk.cases.rules.engine import Vocabulary, compare
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Operand, RuleRef, Term
from jobdesk.cases.rules.verdict import Outcome

_MET, _NOT, _OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
_Test = Callable[[Situation], Outcome]


def outcome(key: str, at: Situation, words: Vocabulary) -> Outcome:
    """The outcome that ``engine.judge`` gives for this rule."""
    packs = at.packs
    test = packs.quick.get((key, at.day))
    if test is None:
        test = packs.quick[key, at.day] = _ready(key, packs, at.day, words, ())
    return test(at)  # type: ignore[operator]


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
            return _ready(key, packs, day, words, under)
        case Not(part):
            inner = _made(part, packs, day, words, under)
            return lambda at: inner(at).inverse
        case All(parts):
            return _joined([_made(p, packs, day, words, under) for p in parts], _NOT, _MET)
        case AnyOf(parts):
            return _joined([_made(p, packs, day, words, under) for p in parts], _MET, _NOT)


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
    reads, against = how, wanted
    return lambda at: compare(at.read(name, reads).value, op, against)
