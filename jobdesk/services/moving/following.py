"""What follows from the words of both stations once an exchange has brought them: a file that was agreed on
leaves, what is answered counts no longer. Run behind every pull, on the exchange's thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.clock import today
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Subject
from jobdesk.services.moving import crossed
from jobdesk.services.moving.answering import give
from jobdesk.services.moving.leaving import depart
from jobdesk.services.moving.since import (
    is_at_home,
    is_one_person,
    is_over,
    moves_since_ask,
    were_one_person,
)
from jobdesk.store import reads, sync_facts, sync_moves, sync_scope, sync_state, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice

_TALK = ("transfer_request", "transfer_accept", "transfer_withdraw", "transfer_apart", "duplicate")
_ENDS = ("transfer_refuse", "transfer_over")


def anything_waits(con: Connection) -> bool:
    """Whether a look is worth a transaction."""
    if sync_moves.asks(con, open_only=True) or crossed.is_any(con):
        return True
    return any(n.kind in _TALK for n in sync_told.notices(con, unseen_only=True))


def follow(w: Writing, began_ms: int) -> bool:
    """Carry out what both sides agreed on, settle what is answered; whether something is to be sent now.

    Args:
        began_ms: beginning of the exchange, by which it is known.
    """
    con, now = w.con, w.clock.now_ms()
    own = sync_facts.get(con, "station")
    told = sync_told.notices(con)
    if _has_read_all(con, own):
        sync_moves.all_before_is_known(con, began_ms)
        told = [sync_told.all_before_is_known(con, n) for n in told]
    asks = sync_moves.asks(con, open_only=True)
    if not own:
        return False
    sync_scope.note_who_left(con, now)  # what a colleague moved came with the same exchange
    staff = _staff(con, w)
    moved = False
    for ask in asks:
        if ask.step == "request" and ask.is_sent:
            moved |= _further(w, ask, told, own, staff)
    moved |= crossed.settle(w, staff)
    for notice in told:
        if not notice.seen_ms and _is_settled(con, notice, told, own):
            sync_told.notice_seen(con, notice.id, now)
    return moved


def _further(w: Writing, ask: Ask, told: Sequence[Notice], own: str, staff: dict[str, str]) -> bool:
    """One request of ours: whether a file left by it. Whoever has moved since it was said stays where that
    led: a colleague carried it out, or something else was agreed on.
    """
    con, now, target = w.con, w.clock.now_ms(), str(ask.body.get("to"))
    answers = [n for n in told if n.answers == ask.id and n.sender != own]
    since = moves_since_ask(con, ask)
    there = {move.subject for move in since if move.target == target}
    there |= {s for s in ask.subjects if _is_there(con, s, target, own)}
    open_still = [s for s in ask.subjects if s not in there and not any(m.subject == s for m in since)]
    if any(n.kind in _ENDS for n in answers):
        sync_moves.is_done(con, ask.id, now)
    elif there and not open_still:
        _seen(w, answers)
        sync_moves.is_done(con, ask.id, now)
    elif target != own and _has_read_all(con, own):
        agreed = [n for n in answers if n.kind == "transfer_accept"]
        theirs = [n for n in told if not n.seen_ms and _is_mirror(n, ask, own) and not is_over(con, n)]
        return bool(agreed or theirs) and _leave(w, ask, open_still, agreed, theirs, staff)
    return False


def _has_read_all(con: Connection, own: str) -> bool:
    """Whether what the station wrote is here as far as the server told: what was carried may end before the
    move of a colleague.
    """
    stream = sync_state.stream(con, own)
    return stream is None or (stream.loading is None and stream.at.seq >= stream.head)


def _leave(
    w: Writing, ask: Ask, who: Sequence[str], agreed: Sequence[Notice], theirs: Sequence[Notice],
    staff: dict[str, str],
) -> bool:  # fmt: skip
    """Both sides want it: ours was agreed to, or the other station asked for the same."""
    now = w.clock.now_ms()
    try:
        if theirs:
            give(w, ask.actor, theirs[0], staff)
        else:
            depart(w, ask.actor, who, str(ask.body["to"]), today(w.clock).isoformat(),
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
        return (
            answered or is_over(con, notice) or all(_is_there(con, s, target, own) for s in notice.subjects)
        )
    if notice.kind == "transfer_accept":
        target = str(notice.more.get("target", ""))
        gone = all(_is_there(con, s, target, own) for s in notice.subjects)
        return target == own or gone or is_over(con, notice)
    if notice.kind == "duplicate" and len(notice.subjects) == 2:
        if any(n.kind == "transfer_apart" and set(n.subjects) == set(notice.subjects) for n in told):
            return True
        return _is_decided(con, *notice.subjects, own)
    return False


def _is_decided(con: Connection, one: str, far: str, own: str) -> bool:
    """Of one person twice: our file is another station's by now, or the two were ever merged, also where they
    were taken apart before this PC heard of either; of two files at one station nobody is asked here.
    """
    if sync_scope.is_away(con, one) is not None or were_one_person(con, one, far):
        return True
    return is_one_person(con, one, far) or (is_at_home(con, far, own) and is_at_home(con, one, own))


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
