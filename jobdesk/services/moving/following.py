"""What follows from the words of both stations once an exchange has brought them: a file that was agreed on
leaves, what is answered counts no longer. Run behind every pull, on the exchange's thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.clock import today
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject
from jobdesk.services.moving.answering import give
from jobdesk.services.moving.leaving import depart
from jobdesk.store import reads, sync_facts, sync_moves, sync_scope, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice

_TALK = ("transfer_request", "transfer_accept", "transfer_withdraw", "transfer_apart", "duplicate")
_ENDS = ("transfer_refuse", "transfer_over")


def anything_waits(con: Connection) -> bool:
    """Whether a look is worth a transaction."""
    if sync_moves.asks(con, open_only=True):
        return True
    return any(n.kind in _TALK for n in sync_told.notices(con, unseen_only=True))


def follow(w: Writing) -> bool:
    """Carry out what both sides agreed on, settle what is answered; whether something is to be sent now."""
    con, now = w.con, w.clock.now_ms()
    own = sync_facts.get(con, "station")
    told = sync_told.notices(con)
    asks = sync_moves.asks(con, open_only=True)
    if not own or not (told or asks):
        return False
    staff = _staff(con, w)
    moved = False
    for ask in asks:
        if ask.step == "request" and ask.is_sent:
            moved |= _further(w, ask, told, own, staff)
    for notice in told:
        if not notice.seen_ms and _is_settled(con, notice, told, own):
            sync_told.notice_seen(con, notice.id, now)
    return moved


def _further(w: Writing, ask: Ask, told: Sequence[Notice], own: str, staff: dict[str, str]) -> bool:
    """One request of ours: whether a file left by it."""
    con, now = w.con, w.clock.now_ms()
    answers = [n for n in told if n.answers == ask.id and n.sender != own]
    gives = ask.body.get("to") != own
    if any(n.kind in _ENDS for n in answers):
        sync_moves.is_done(con, ask.id, now)
    elif all(_is_there(con, s, str(ask.body.get("to")), own) for s in ask.subjects):
        _seen(w, answers)
        sync_moves.is_done(con, ask.id, now)
    elif gives:
        agreed = [n for n in answers if n.kind == "transfer_accept"]
        theirs = [n for n in told if not n.seen_ms and _is_mirror(n, ask, own)]
        return bool(agreed or theirs) and _leave(w, ask, agreed, theirs, staff)
    return False


def _leave(
    w: Writing, ask: Ask, agreed: Sequence[Notice], theirs: Sequence[Notice], staff: dict[str, str]
) -> bool:
    """Both sides want it: ours was agreed to, or the other station asked for the same."""
    now = w.clock.now_ms()
    try:
        if theirs:
            give(w, ask.actor, theirs[0], staff)
        else:
            depart(w, ask.actor, ask.subjects, str(ask.body["to"]), today(w.clock).isoformat(),
                   str(ask.body.get("text", "")), staff)  # fmt: skip
    except Refused:  # nothing of it is here any longer, or it may not go: the talk is over, nothing moved
        sync_moves.failed(w.con, ask.id, "gone", now)
        return False
    for one in theirs:
        body = {"answers": one.id, "subjects": list(one.subjects)}
        sync_moves.put_ask(w.con, Ask(w.new_id(), "accept", ask.actor, body, now))
    _seen(w, [*agreed, *theirs])
    sync_moves.is_done(w.con, ask.id, now)
    return True


def _is_mirror(notice: Notice, ask: Ask, own: str) -> bool:
    """They ask for what we offer them."""
    return (
        notice.kind == "transfer_request"
        and notice.sender != own
        and notice.more.get("target") == ask.body.get("to")
        and set(notice.subjects) & set(ask.subjects) != set()
    )


def _is_settled(con: Connection, notice: Notice, told: Sequence[Notice], own: str) -> bool:
    """Whether nobody has to do anything about it any longer."""
    if notice.sender == own:
        return True
    if notice.kind == "transfer_withdraw":
        return True
    if notice.kind == "transfer_request":
        answered = any(n.answers == notice.id for n in told)
        target = str(notice.more.get("target", ""))
        if target != own and all(sync_scope.is_away(con, s) is not None for s in notice.subjects):
            return True  # gone to them, or to somebody else: the server has told them so
        return answered or all(_is_there(con, s, target, own) for s in notice.subjects)
    if notice.kind == "transfer_accept":
        target = str(notice.more.get("target", ""))
        return target == own or all(_is_there(con, s, target, own) for s in notice.subjects)
    if notice.kind == "duplicate" and len(notice.subjects) == 2:
        if any(n.kind == "transfer_apart" and set(n.subjects) == set(notice.subjects) for n in told):
            return True
        return sync_scope.is_away(con, notice.subjects[0]) is not None or is_one_person(con, *notice.subjects)
    return False


def is_one_person(con: Connection, one: str, other: str) -> bool:
    """Whether one of two files is an alias of the other."""
    pairs = ((one, other), (other, one))
    return any(reads.case_state(con, a).root.get("merged_into") == b for a, b in pairs)


def _is_there(con: Connection, subject_id: str, target: str, own: str) -> bool:
    """Whether a subject is at home at the station that was to have it."""
    stub = sync_scope.is_away(con, subject_id)
    if target != own:
        return stub is not None and stub.stream == target
    kind = reads.root_kind(con, subject_id)
    return stub is None and bool(kind) and sync_moves.home_of(con, subject_id) == own


def _seen(w: Writing, notices: Sequence[Notice]) -> None:
    for one in notices:
        sync_told.notice_seen(w.con, one.id, w.clock.now_ms())


def _staff(con: Connection, w: Writing) -> dict[str, str]:
    station = reads.subject_state(con, Subject("station", w.station_subject))
    return {r.id: r.text("name") for r in station.of("staff")}
