"""What became of questions that somebody has typed about and not answered.

A draft names the field only: a question that waits no more is made ready again from the log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from jobdesk.cases.differing import Difference, Why, of_state, sort_of
from jobdesk.cases.fold import fold
from jobdesk.cases.ground import Ground
from jobdesk.cases.ops import RULES, Kind, Op, Shape, Subject
from jobdesk.cases.settling import settled_place
from jobdesk.cases.state import RecordKey
from jobdesk.services.conflict_board import Board, Line, Question, made_questions, read_board
from jobdesk.services.desk import Desk
from jobdesk.store import conflict_reads
from jobdesk.store.conflict_reads import Who
from jobdesk.store.log import Connection, ops_of_subject

About = tuple[str, str, str, str]
"""Which question of whom: subject, record kind, record, field."""

_MOST_LOOKS = 12
"""Own figure: moments of the past that are looked at for one question; each costs a fold of one subject."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is still to be shown of them.

    Attributes:
        erased, left: of those who were named: erased by now, or at another station; nothing of them is shown.
        lines: of those whose question waits no more: the line of the list they stood in.
        questions: as each stood before it was settled; without versions where the log does not tell any more.
    """

    erased: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    lines: Mapping[str, Line] = field(default_factory=dict[str, Line])
    questions: Mapping[About, Question] = field(default_factory=dict[About, Question])


def board_and_kept(desk: Desk, named: Collection[str], lost: Collection[About]) -> Future[tuple[Board, Kept]]:
    """What waits, and in the same reading what became of what does not.

    Args:
        named: whoever is in sight or typed about.
        lost: questions that something is typed about and of which nobody knows more than that.
    """

    def job(con: Connection) -> tuple[Board, Kept]:
        found = read_board(con, desk)
        erased, left = conflict_reads.erased(con, named), conflict_reads.left(con, named)
        waiting = {
            (x.subject.id, *d.record, d.field)
            for x in (*found.here, *(found.handed if found.above else ())) for d in x.differences
        }  # fmt: skip
        gone = [a for a in lost if a not in waiting and a[0] not in erased and a[0] not in left]
        return found, _again(con, gone, erased, left)

    return desk.read(job)


def who_is_gone(desk: Desk, named: Collection[str]) -> Future[frozenset[str]]:
    """Of those who are named: erased by now, or at another station."""
    return desk.read(lambda con: conflict_reads.erased(con, named) | conflict_reads.left(con, named))


def _again(con: Connection, gone: Sequence[About], erased: frozenset[str], left: frozenset[str]) -> Kept:
    who = conflict_reads.people(con, {a[0] for a in gone})
    lines: dict[str, Line] = {}
    questions: dict[About, Question] = {}
    for about in gone:
        ops = ops_of_subject(con, about[0])
        if not ops:
            continue
        subject = ops[0].subject
        question = _question(subject, ops, ((about[1], about[2]), about[3]))
        line = lines.get(subject.id) or Line(subject, who.get(subject.id, Who("")), ())
        lines[subject.id] = replace(line, differences=(*line.differences, question.difference))
        questions[about] = question
    return Kept(erased, left, lines, questions)


def _question(subject: Subject, ops: Sequence[Op], place: tuple[RecordKey, str]) -> Question:
    """The latest that was asked there: now (handed upward meanwhile), or before one of the later operations.
    What is stamped before an operation is all that its author can have known.
    """
    told = sorted((op for op in ops if _may_settle(op, place)), key=_order, reverse=True)
    told.sort(key=lambda op: op.kind is not Kind.CONFLICT_SETTLED)
    for before in (None, *told[:_MOST_LOOKS]):
        known = [op for op in ops if before is None or _order(op) < _order(before)]
        state = fold(known, subject)
        one = next((d for d in of_state(state) if (d.record, d.field) == place), None)
        if one is not None:
            asked = [replace(one, escalation=None)]  # as it stood before somebody handed it upward
            return made_questions(Ground(subject, known), state, asked)[0]
    key, name = place
    bare = Difference(key, name, sort_of(key[0], name), Why.LATER, (), None, None, ())
    return Question(bare, (), {}, fold(ops, subject).record(*key))


def _order(op: Op) -> tuple[object, str]:
    return op.stamp, op.op_id


def _may_settle(op: Op, place: tuple[RecordKey, str]) -> bool:
    body = op.payload
    if body is None:
        return False
    if RULES[op.kind].shape is Shape.WITHDRAW:
        return True
    key, name = place
    if op.kind is Kind.CONFLICT_SETTLED and settled_place(body) == place:
        return True
    written = body.get("set")
    return (body.get("record"), body.get("id")) == key and isinstance(written, dict) and name in written
