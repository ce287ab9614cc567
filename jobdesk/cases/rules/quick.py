"""The engine's bare answers without a trace, for many people: stops as soon as one fact decides.

A rule is made ready once per day (references and figures looked up, the cheapest facts first: the order of
facts means nothing) and kept with its packs; a rule that several others refer to is answered once a person.
Who shows an answer judges again, with the trace.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from jobdesk.cases.rules.bare import BARE, PLAIN, Bare
from jobdesk.cases.rules.engine import Vocabulary, compare
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Reading, Situation, Span
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Op, Operand, RuleRef, Term
from jobdesk.cases.rules.verdict import Outcome, Value

_MET, _NOT, _OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
_INVERSE = {_MET: _NOT, _NOT: _MET, _OPEN: _OPEN}
_Test = Callable[[Situation], Outcome]
_Sure = Callable[[Situation], bool]
_UNREAD = cast(Value, object())
"""Stands for a value that was not read yet: None is one that was, and is not known."""


def outcome(key: str, at: Situation, words: Vocabulary) -> Outcome:
    """The outcome that ``engine.judge`` gives for this rule."""
    found = at.answers.get(key)
    if found is None:
        test = at.packs.quick.get((key, at.day))
        if test is None:
            test = at.packs.quick[key, at.day] = _ready(key, at.packs, at.day, words, ())
        found = at.answers[key] = cast(_Test, test)(at)
    return found


def met(key: str, at: Situation, words: Vocabulary) -> bool:
    """Whether that outcome is 符合. Quicker than asking for it: what is not known decides too."""
    found = at.answers.get(key)
    if found is not None:
        return found is _MET
    name = (_SURE + key, at.day)
    test = at.packs.quick.get(name)
    if test is None:
        test = at.packs.quick[name] = _ready_sure(key, at.packs, at.day, words, ())
    return cast(_Sure, test)(at)


_SURE = "met:"


def _open(_at: Situation) -> Outcome:
    return _OPEN


def _never(_at: Situation) -> bool:
    return False


def rules_below(
    prefix: str, packs: PackSet, day: date, wanted: Callable[[str], bool] = lambda _key: True
) -> tuple[str, ...]:
    """Rules in force on the day whose keys begin so, without the beginning; looked up once a day and prefix.

    Args:
        wanted: of the whole key; always the same one for a prefix.
    """
    kept = packs.quick.get((prefix, day))
    if kept is None:
        kept = packs.quick[prefix, day] = tuple(
            key.removeprefix(prefix)
            for key in packs.keys(prefix)
            if wanted(key) and (entry := packs.on(key, day)) is not None and entry.kind == "rule"
        )
    return cast("tuple[str, ...]", kept)


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
            return _joined([_made(p, packs, day, words, under) for p in _cheap_first(parts)], _NOT, _MET)
        case AnyOf(parts):
            return _joined([_made(p, packs, day, words, under) for p in _cheap_first(parts)], _MET, _NOT)


def _cheap_first(parts: tuple[Term, ...]) -> list[Term]:
    return sorted(parts, key=_cost)


def _cost(term: Term) -> int:
    match term:
        case Compare(fact):
            return 0 if fact in PLAIN else 1
        case RuleRef():
            return 2
        case _:
            return 3


# ---- whether a rule is met


def _ready_sure(key: str, packs: PackSet, day: date, words: Vocabulary, under: tuple[str, ...]) -> _Sure:
    entry = packs.on(key, day)
    if entry is None or entry.term is None or key in under:
        return _never
    return _sure(entry.term, packs, day, words, (*under, key))


def _sure(term: Term, packs: PackSet, day: date, words: Vocabulary, under: tuple[str, ...]) -> _Sure:
    match term:
        case RuleRef(key):
            return _ready_sure(key, packs, day, words, under)
        case All(parts):
            return _every([_sure(p, packs, day, words, under) for p in _cheap_first(parts)])
        case AnyOf(parts):
            return _some([_sure(p, packs, day, words, under) for p in _cheap_first(parts)])
        case _:
            test = _made(term, packs, day, words, under)
            return lambda at: test(at) is _MET


def _every(parts: list[_Sure]) -> _Sure:
    def test(at: Situation) -> bool:
        for part in parts:  # noqa: SIM110  a generator costs more than the parts
            if not part(at):
                return False
        return True

    return test


def _some(parts: list[_Sure]) -> _Sure:
    def test(at: Situation) -> bool:
        for part in parts:  # noqa: SIM110
            if part(at):
                return True
        return False

    return test


# ---- the whole outcome


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
    bare = BARE.get(how) or _in_full(name, how)
    if op is Op.IS:
        return _same(name, bare, wanted, _MET, _NOT)
    if op is Op.IS_NOT:
        return _same(name, bare, wanted, _NOT, _MET)
    if op is Op.CONTAINS:
        return _contained(name, bare, wanted)
    return _other(name, bare, op, wanted)


def _in_full(name: str, how: Callable[[Situation], Reading]) -> Bare:
    return lambda at: at.read(name, how).value


def _same(name: str, bare: Bare, wanted: Operand, equal: Outcome, different: Outcome) -> _Test:
    def test(at: Situation) -> Outcome:
        values = at.values
        value = values.get(name, _UNREAD)
        if value is _UNREAD:
            value = values[name] = bare(at)
        if value is None or type(value) is Span:
            return _OPEN
        return equal if value == wanted else different

    return test


def _contained(name: str, bare: Bare, wanted: Operand) -> _Test:
    def test(at: Situation) -> Outcome:
        values = at.values
        value = values.get(name, _UNREAD)
        if value is _UNREAD:
            value = values[name] = bare(at)
        if not isinstance(value, frozenset):
            return _OPEN
        return _MET if wanted in value else _NOT

    return test


def _other(name: str, bare: Bare, op: Op, wanted: Operand) -> _Test:
    def test(at: Situation) -> Outcome:
        values = at.values
        value = values.get(name, _UNREAD)
        if value is _UNREAD:
            value = values[name] = bare(at)
        return compare(value, op, wanted)

    return test
