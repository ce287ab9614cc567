"""两处填写不一致 as the place shows it: who waits for a decision, and one person's questions.

Reads only; deciding is in ``settling_many``, what was decided in ``conflict_log``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jobdesk.cases.differing import Alike, Difference, Point, Sort, alike, of_state, settled_by_itself, thread
from jobdesk.cases.errors import Refused
from jobdesk.cases.ground import Ground
from jobdesk.cases.ops import RULES, Kind, Op, Shape, Subject
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.services.conflict_places import Place, places_of
from jobdesk.services.desk import Desk
from jobdesk.store import conflict_reads, reads, sync_moves
from jobdesk.store.conflict_reads import Counts, Who
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.store.moved import is_signed
from jobdesk.store.signing import is_above

DRAFT = "conflicts/"
"""What is typed about a question, a draft for each: ``conflicts/subject/kind/record/field``."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names behind ids: staff of every station in scope, replicas, stations, other files; ``above``: office
    and name of clerks above who wrote or decided. They are read, nothing is handed to them.
    """

    staff: Mapping[str, str] = field(default_factory=dict[str, str])
    places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    streams: Mapping[str, str] = field(default_factory=dict[str, str])
    cases: Mapping[str, Who] = field(default_factory=dict[str, Who])
    above: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Line:
    """One subject of the list with its open questions."""

    subject: Subject
    who: Who
    differences: tuple[Difference, ...]
    stream: str = ""

    @property
    def newest_ms(self) -> int:
        return max(d.newest.ms for d in self.differences)


@dataclass(frozen=True, slots=True)
class Same:
    """Questions of several people that can take one answer; all of one station.

    Attributes:
        parts: (line, its question), one for each.
    """

    key: str
    how: Alike
    record: str
    field: str
    parts: tuple[tuple[Line, Difference], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the left side shows. ``above``: this desk decides what stations hand upward."""

    here: tuple[Line, ...]
    handed: tuple[Line, ...]
    same: tuple[Same, ...]
    counts: Counts
    above: bool
    names: Names


def refuse_decided_above(con: Connection, ops: Iterable[Op]) -> None:
    """Before anything is taken back: what a desk above decided is taken back there, whoever asks for it here.

    The decision itself says so (``store.signing``): where its computer stands may not be known here.

    Raises:
        Refused: ``conflict_decided_above``.
    """
    signed = any(op.kind is Kind.CONFLICT_SETTLED and is_signed(op.payload, op.actor) for op in ops)
    if signed and not is_above(con):
        raise Refused("conflict_decided_above")


def board(desk: Desk) -> Future[Board]:
    """All open questions of the station (or of the stations below), newest first; critical ones lead."""
    return desk.read(lambda con: read_board(con, desk))


def read_board(con: Connection, desk: Desk) -> Board:
    """The same, in a reading of its caller."""
    asked = conflict_reads.asked(con)
    who = conflict_reads.people(con, [a.subject.id for a in asked])
    above = is_above(con)
    streams = conflict_reads.streams_of(con, [a.subject.id for a in asked]) if above else {}
    here: list[Line] = []
    handed: list[Line] = []
    for one in asked:
        stream, told = streams.get(one.subject.id, ""), who.get(one.subject.id, Who(""))
        for into, wanted in ((here, False), (handed, True)):
            part = tuple(d for d in one.differences if (d.escalation is not None) is wanted)
            if part:
                into.append(Line(one.subject, told, part, stream))
    for lines in (here, handed):
        lines.sort(key=lambda x: (not any(d.critical for d in x.differences), -x.newest_ms, x.subject.id))
    counts = Counts(
        sum(len(x.differences) for x in here), sum(len(x.differences) for x in handed),
        conflict_reads.count_standing(con), conflict_reads.count_settled(con),
    )  # fmt: skip
    return Board(tuple(here), tuple(handed), same_questions(here), counts, above, names_of(con, who))


def same_questions(lines: Iterable[Line]) -> tuple[Same, ...]:
    """Groups of two and more, the largest first."""
    found: dict[tuple[str, ...], list[tuple[Line, Difference]]] = {}
    how: dict[tuple[str, ...], Alike] = {}
    for line in lines:
        for one in line.differences:
            told = alike(one)
            if told is not None:
                key = (line.stream, line.subject.kind, *told[0], told[1].value)
                found.setdefault(key, []).append((line, one))
                how[key] = told[1]
    groups = [
        Same("\x1f".join(k), how[k], parts[0][1].record[0], parts[0][1].field, tuple(parts))
        for k, parts in found.items() if len({p[0].subject for p in parts}) > 1
    ]  # fmt: skip
    return tuple(sorted(groups, key=lambda g: (-len(g.parts), g.key)))


def names_of(
    con: Connection, about: Iterable[str], cases: Iterable[str] = (), stations: Iterable[str] = ()
) -> Names:
    """Names for questions about these subjects, and for what they quote: other files, and stations that are
    not in scope.
    """
    streams = {**sync_moves.station_names(con, stations), **conflict_reads.stream_names(con)}
    return Names(
        conflict_reads.staff_names(con), places_of(con, streams), streams, conflict_reads.people(con, cases),
        conflict_reads.signers(con, about),
    )  # fmt: skip


# ---------------------------------------------------------------------- one person


@dataclass(frozen=True, slots=True)
class Origin:
    """On what occasion a version was written.

    Attributes:
        how: ``import opened service settled removed edited``.
        type, channel: codes of the service of the same action.
        reason: in words of the author; may be empty.
    """

    how: str
    type: str = ""
    channel: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A difference with how it came about. ``about``: the record it stands in, for its name and day."""

    difference: Difference
    points: tuple[Point, ...]
    origins: Mapping[str, Origin]
    about: RecordState


@dataclass(frozen=True, slots=True)
class PersonQuestions:
    """One subject as the right side shows it. ``by_itself``: fields two filled in the same."""

    subject: Subject
    who: Who
    state: SubjectState
    questions: tuple[Question, ...]
    by_itself: int
    names: Names
    above: bool


def questions_of(desk: Desk, subject: Subject) -> Future[PersonQuestions]:
    """All open questions of one subject, with their past."""

    def job(con: Connection) -> PersonQuestions:
        state = reads.subject_state(con, subject)
        found = made_questions(Ground(subject, ops_of_subject(con, subject.id)), state, of_state(state))
        quoted = {
            v for q in found for p in q.points for v in [p.head.value]
            if isinstance(v, str) and q.difference.field in ("merged_into", "case")
        }  # fmt: skip
        stations = {
            v for q in found for p in q.points for v in [p.head.value]
            if isinstance(v, str) and q.difference.sort is Sort.TRANSFER
        }  # fmt: skip
        who = conflict_reads.people(con, [subject.id]).get(subject.id, Who(""))
        return PersonQuestions(
            subject, who, state, found, settled_by_itself(state),
            names_of(con, (subject.id,), quoted, stations), is_above(con),
        )  # fmt: skip

    return desk.read(job)


def made_questions(ground: Ground, state: SubjectState, asked: Iterable[Difference]) -> tuple[Question, ...]:
    """These differences of a state with how they came about; ``ground``: what the state was folded from."""
    by_action, found = _by_action(ground.ops.values()), list[Question]()
    for one in asked:
        points = thread(ground, one)
        origins = {
            p.head.op_id: origin_of(ground.ops[p.head.op_id], by_action)
            for p in points if p.head.op_id in ground.ops
        }  # fmt: skip
        found.append(Question(one, points, origins, state.record(*one.record)))
    return tuple(found)


def _by_action(ops: Iterable[Op]) -> dict[str, list[Op]]:
    found: dict[str, list[Op]] = {}
    for op in ops:
        found.setdefault(op.action_id, []).append(op)
    return found


def origin_of(op: Op, by_action: Mapping[str, Sequence[Op]]) -> Origin:
    """Told by the operation and by what was saved together with it."""
    body = op.payload or {}
    reason = body.get("reason")
    said = reason if isinstance(reason, str) and op.kind is not Kind.HELP_ENDED else ""  # there it is a code
    if isinstance(body.get("import"), str):
        return Origin("import", reason=said)
    if op.kind is Kind.CONFLICT_SETTLED:
        return Origin("settled", reason=said)
    if RULES[op.kind].shape is Shape.WITHDRAW:
        return Origin("removed", reason=said)
    for other in by_action.get(op.action_id, ()):
        if other.kind is Kind.SERVICE_RECORDED and other.payload is not None:
            values = other.payload.get("set")
            if isinstance(values, dict):
                kind, channel = values.get("type"), values.get("channel")
                return Origin(
                    "service", kind if isinstance(kind, str) else "",
                    channel if isinstance(channel, str) else "", said,
                )  # fmt: skip
    return Origin("opened" if RULES[op.kind].shape is Shape.OPEN else "edited", reason=said)
