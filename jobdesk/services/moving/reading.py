"""What 转入转出 shows: what other stations want of us, what we asked for, who left, one person twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.household.naming import called
from jobdesk.services.moving.recent import Answered, Came, agreed, came, refused
from jobdesk.services.moving.since import is_one_person
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.store import blanking, reads, sync_facts, sync_moves, sync_scope, sync_told, twins_asked
from jobdesk.store.called import head_of
from jobdesk.store.log import Connection
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_scope import Stub
from jobdesk.store.sync_told import Notice


@dataclass(frozen=True, slots=True)
class Pair:
    """One person in a file here and in one of another station; ``alias`` the one that points to the other."""

    notice: Notice
    own: str
    far: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything of the place.

    Attributes:
        own: stream of this station, empty before it is enrolled or where this desk is none of a station.
        wanted: requests of others that wait for an answer here, newest first.
        asks: our own requests that are open, and colleagues' (notices) that this PC did not write.
        answers: what others said that somebody is to read, or to carry out.
        failed: our requests that the server did not take, of the last month.
        twins: doubles that nobody has decided; merged: those that are one file now.
        names: station names by stream; people: names by subject of those who are here.
        agreed: what we said yes to and what has not come yet; refused: every no of the last month that nobody
            has to read any more; came: who came, see ``recent``.
        asked_twins: ids of ``twins`` that wait as a request or an answer, see ``twins_asked``.
        staff: everybody who ever worked here.
        above: this desk stands over stations and moves nobody.
    """

    own: str = ""
    wanted: tuple[Notice, ...] = ()
    asks: tuple[Ask, ...] = ()
    colleagues: tuple[Notice, ...] = ()
    answers: tuple[Notice, ...] = ()
    failed: tuple[Ask, ...] = ()
    twins: tuple[Pair, ...] = ()
    merged: tuple[Pair, ...] = ()
    stubs: tuple[Stub, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    people: Mapping[str, str] = field(default_factory=dict[str, str])
    above: bool = False
    agreed: tuple[Answered, ...] = ()
    refused: tuple[Answered, ...] = ()
    came: tuple[Came, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    asked_twins: frozenset[str] = frozenset()

    def station(self, stream: object) -> str:
        """Its name, else its id."""
        return self.names.get(str(stream), str(stream or ""))


_MONTH_MS = 31 * 24 * 3600 * 1000


def load_moves(desk: Desk) -> Future[Moves]:
    """As it stands now."""
    return desk.read(lambda con: moves(con, desk))


def moves(con: Connection, desk: Desk) -> Moves:
    """The same on a reader's connection."""
    role = sync_facts.get(con, "role")
    own = sync_facts.get(con, "station") if role == "desk" else ""
    if not own:
        return Moves(above=bool(role))
    told = sync_told.notices(con)
    asks = sync_moves.asks(con)
    since = desk.clock.now_ms() - _MONTH_MS
    ours = {a.id for a in asks}
    ended = {n.answers for n in told if n.kind in twins_asked.ENDS}
    stubs = tuple(sync_scope.stubs(con))
    pairs = [_pair(con, n) for n in told if n.kind == "duplicate" and len(n.subjects) == 2]
    erased = blanking.register(con)
    spoken = [n for n in told if not erased.intersection(n.subjects)]
    open_asks = tuple(a for a in asks if a.step == "request" and not a.done_ms)
    wanted = tuple(n for n in told if n.kind == "transfer_request" and not n.seen_ms)
    found = Moves(
        own, wanted, open_asks,
        tuple(n for n in spoken if n.kind == "transfer_request" and n.sender == own
              and _asked(n) not in ours and _asked(n) not in ended and not _over(n, own, con)),
        tuple(n for n in told if n.kind in (*twins_asked.ENDS, "transfer_apart") and not n.seen_ms),
        tuple(a for a in asks if a.error and a.done_ms > since and a.step == "request"),
        tuple(p for p in pairs if not p.alias and not p.notice.seen_ms),
        tuple(p for p in pairs if p.alias), stubs,
        agreed=agreed(con, own, spoken, asks, desk.clock.now_ms()),
        refused=refused(own, spoken, asks, desk.clock.now_ms()),
        came=came(con, own, desk.day), staff=tuple(staff_of(con, desk)),
        asked_twins=twins_asked.asked_twins(con),
    )  # fmt: skip
    return _named(con, found, told, asks)


def _asked(copy: Notice) -> str:
    """Id of the request that a copy tells of."""
    return copy.id.removeprefix(twins_asked.OWN_COPY)


def _over(copy: Notice, own: str, con: Connection) -> bool:
    """Whether what it asked for is so by now."""
    return twins_asked.is_over(con, copy.more.get("target") == own, frozenset(copy.subjects))


def _pair(con: Connection, notice: Notice) -> Pair:
    own, far = notice.subjects
    alias = ""
    if is_one_person(con, own, far):
        alias = own if reads.case_state(con, own).root.get("merged_into") == far else far
    return Pair(notice, own, far, alias)


def _named(con: Connection, found: Moves, told: list[Notice], asks: list[Ask]) -> Moves:
    streams: set[str] = {s.stream for s in found.stubs} | {found.own}
    subjects: set[str] = {p.own for p in (*found.twins, *found.merged)}
    subjects |= {p.far for p in found.merged}
    for n in told:
        streams |= {s for s in (n.sender, n.to, str(n.more.get("target") or "")) if s}
        subjects |= set(n.subjects)
    streams |= {c.station for c in found.came} | {a.station for a in (*found.agreed, *found.refused)}
    subjects |= {c.kept for c in found.came if c.kept}
    for a in (*found.asks, *found.failed):
        streams |= {str(a.body.get("to", "")), str(a.body.get("shown", {}).get("asked", ""))}
        subjects |= set(a.subjects)
    people = {s: name for s in sorted(subjects) if (name := _name(con, s))}
    said: dict[str, Mapping[str, object]] = {a.id: a.body.get("shown", {}) for a in asks}
    refusals = {a.id for a in found.refused}
    for n in (*found.answers, *(n for n in told if n.id in refusals)):
        number = said.get(n.answers or "", {}).get("masked")  # who never was here is known by what was asked
        people |= {s: str(number) for s in n.subjects if number and s not in people}
    names = sync_moves.station_names(con, streams - {""})
    return replace(found, names=names, people=people)


def _name(con: Connection, subject_id: str) -> str:
    kind = reads.root_kind(con, subject_id)
    if not kind:
        return ""
    if kind == "household":
        return called(head_of(con, subject_id))
    return _state(con, kind, subject_id).root.text("name")


def _state(con: Connection, kind: str, subject_id: str) -> SubjectState:
    return reads.subject_state(con, Subject(kind, subject_id))


@dataclass(frozen=True, slots=True)
class Away:
    """Where somebody is whose file left this station."""

    stub: Stub
    station: str


def away(con: Connection, subject_id: str) -> Away | None:
    """None for whoever is here."""
    stub = sync_scope.is_away(con, subject_id)
    if stub is None:
        return None
    return Away(stub, sync_moves.station_name(con, stub.stream))


def came_from(con: Connection, state: SubjectState) -> str:
    """Name of the station a file came from; empty for one that was opened here."""
    stream = state.root.text("moved_from")
    own = sync_facts.get(con, "station")
    if not stream or stream == own:
        return ""
    return sync_moves.station_name(con, stream)


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A request to move a file away from here that nobody has ended yet.

    Attributes:
        ours: this station asked; else ``station`` asks for the file, and we are to answer.
        station: name of where to.
        sent: the server has it.
    """

    ours: bool
    station: str
    sent: bool = True


def open_move(con: Connection, subject_id: str) -> OpenMove | None:
    """The request that is open about somebody who is here; None where there is none."""
    return open_moves(con, [subject_id]).get(subject_id)


def open_moves(con: Connection, subject_ids: Iterable[str]) -> dict[str, OpenMove]:
    """The same of several, in their order; what was said and told is read once for all of them."""
    own = sync_facts.get(con, "station") if sync_facts.get(con, "role") == "desk" else ""
    if not own:
        return {}
    asks = sync_moves.asks(con)
    told = [n for n in sync_told.notices(con, kind="transfer_request") if n.more.get("target") != own]
    going = [(a, to) for a in asks if not a.done_ms and a.step == "request"
             and (to := str(a.body.get("to") or "")) not in ("", own)]  # fmt: skip
    asked = [n for n in told if not n.seen_ms and n.sender != own]
    copies = [n for n in told if n.sender == own]
    if copies:
        over = {a.id for a in asks} | {
            n.answers for n in sync_told.notices(con) if n.kind in twins_asked.ENDS
        }
        copies = [n for n in copies if _asked(n) not in over]
    found: dict[str, OpenMove] = {}
    for subject in subject_ids:
        if (ask := next((one for one in going if subject in one[0].subjects), None)) is not None:
            found[subject] = OpenMove(True, sync_moves.station_name(con, ask[1]), ask[0].is_sent)
        elif (n := next((n for n in asked if subject in n.subjects), None)) is not None:
            found[subject] = OpenMove(
                False, sync_moves.station_name(con, str(n.more.get("target") or n.sender or ""))
            )
        elif (n := next((n for n in copies if subject in n.subjects), None)) is not None:
            found[subject] = OpenMove(True, sync_moves.station_name(con, str(n.more.get("target") or "")))
    return found
