"""Putting right what a restore, a clone or a lost answer left: gap, fork, epoch, diverged.

Never a question to a person, never a choice of a side: what the server has listed stays, what it lacks is
offered, and what is in the way of it goes on in another life of this file.
"""

from __future__ import annotations

from dataclasses import replace

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Place
from jobdesk.store import outbox, rechaining, sync_facts, sync_moves, sync_state, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import Mark
from jobdesk.sync.client import Declined
from jobdesk.sync.exchange import Exchange

_FORKED = "forked:"
"""State of a life whose chain somebody else goes on with: nothing of it is sent until every stream was
taken in, and what the server does not have of it behind this place then goes on in the present life."""

_HOLE = "hole:"
"""State of a former life with a hole: the server's copy of its chain ends at this place, and what stands
behind the hole it has by others' word (M-4.9). That it says this place again is no news.
"""


def is_forked(mark: Mark) -> bool:
    """Whether nothing of this life may be sent at present."""
    return mark.state.startswith(_FORKED)


def known_hole(mark: Mark, declined: Declined) -> bool:
    """Whether a ``gap`` says what was known and put right before."""
    place = declined.refusal.acked or Place()
    return declined.error is ErrorCode.GAP and mark.state == f"{_HOLE}{place.seq}"


def known_claim(ex: Exchange, mark: Mark, declined: Declined) -> bool:
    """Whether a former life that the server gives to another organisation's machine has nothing left that
    stands in no stream: all of it went on in another one.
    """
    if not _is_anothers(declined) or ex.read(sync_state.current_replica) == mark.replica:
        return False
    return not ex.read(lambda con: outbox.stands_nowhere(con, mark.replica, 0))


def _is_anothers(declined: Declined) -> bool:
    """Whether the server says that this life is not ours: it lost whose it was and somebody else came first,
    or this file came under another organisation with another key.
    """
    return declined.error is ErrorCode.OUT_OF_SCOPE and declined.refusal.detail == "replica"


def after_push(ex: Exchange, mark: Mark, declined: Declined) -> bool:
    """Put right what a push met; whether a new life began.

    Raises:
        Declined: what only a person or time can put right.
    """
    place = declined.refusal.acked or Place()
    if declined.error in (ErrorCode.GAP, ErrorCode.EPOCH):
        ex.repaired(declined.error.value)
        if place.seq < mark.acked:
            ex.server_lost_something(declined.error.value)
            ex.write(lambda w: sync_facts.put_had(w.con, mark.replica, mark.acked))
        return ex.write(lambda w: _stand_at(w, mark, place))
    if declined.error is ErrorCode.FORK:
        ex.repaired("fork")
        return ex.write(lambda w: _forked_at(w, mark, place))
    if _is_anothers(declined):
        ex.repaired("fork")
        ex.write(lambda w: fork_at(w, mark, Place()))
        return True
    raise declined


def _stand_at(w: Writing, mark: Mark, place: Place) -> bool:
    """The server has the chain up to here: go on from there, if it is ours; whether a new life began."""
    mine = sync_state.hash_at(w.con, mark.replica, place.seq)
    if mine is None:
        if place.seq > sync_state.last_seq(w.con, mark.replica):
            return _older_copy(w, mark)
    elif mine.hex() != place.hash:
        fork_at(w, mark, place)
        return True
    if place.seq == mark.acked:  # it says what we know, and cannot go on from it: a hole of ours
        fork(w, mark.replica)
        return True
    seq, hashed = place.seq, mine or bytes.fromhex(place.hash)
    if place.seq < mark.acked:
        seq, hashed = _before_what_is_apart(w.con, mark, place.seq) or (seq, hashed)
    sync_state.put_mark(w.con, replace(mark, acked=seq, hash=hashed))
    return False


def _before_what_is_apart(con: Connection, mark: Mark, to: int) -> tuple[int, bytes] | None:
    """Where to go on from so that a server that lost something says anew what it keeps apart of what it has:
    others may have brought that, and it may be listed by now. What is safe it cannot have forgotten.
    """
    first = sync_told.first_apart(con, mark.replica, mark.safe)
    if first is None or first > to:
        return None
    hashed = sync_state.hash_at(con, mark.replica, first - 1)
    return None if hashed is None else (first - 1, hashed)


def _forked_at(w: Writing, mark: Mark, place: Place) -> bool:
    """What we sent does not follow what the server has up to here; whether a new life began."""
    if (place.seq, place.hash) == (mark.acked, mark.hash.hex()):
        fork(w, mark.replica)
        return True
    mine = sync_state.hash_at(w.con, mark.replica, place.seq)
    if mine is not None and mine.hex() == place.hash:
        # the server's end is ours too: only what was believed acknowledged was another copy's word
        sync_state.put_mark(w.con, replace(mark, acked=place.seq, hash=mine))
        return False
    fork_at(w, mark, place)
    return True


def _older_copy(w: Writing, mark: Mark) -> bool:
    """The server knows more of this life than this file: it is a copy that was left behind."""
    last = sync_state.last_seq(w.con, mark.replica)
    hashed = sync_state.hash_at(w.con, mark.replica, last)
    fork(w, mark.replica)
    now = sync_state.mark(w.con, mark.replica)
    sync_state.put_mark(w.con, replace(now, acked=min(mark.acked, last), hash=hashed or mark.hash))
    return True


def fork(w: Writing, replica: str) -> None:
    """Somebody else goes on with this chain behind what was acknowledged of it. We go on in another; nothing
    is decided before the streams of the server were taken in.
    """
    mark = sync_state.mark(w.con, replica)
    _fork(w, mark, mark.acked)


def fork_at(w: Writing, mark: Mark, place: Place) -> None:
    """The same where the server's end is none of ours: what was acknowledged may be what it forgot, its place
    another operation's, and of that no stream here need tell. Only what is safe is not in doubt.
    """
    _fork(w, replace(mark, acked=place.seq, hash=bytes.fromhex(place.hash)), min(mark.safe, mark.acked))


def _fork(w: Writing, mark: Mark, after: int) -> None:
    if w.chain.replica_id == mark.replica:
        rechaining.begin_new_life(w)
    sync_state.put_mark(w.con, replace(mark, own=True, state=f"{_FORKED}{after}"))


def settle_forks(ex: Exchange) -> bool:
    """Once every stream was taken in: what the server does not have of a forked life goes on in the present
    one. Whether there was any.
    """
    lost = bool(ex.read(lambda con: sync_facts.get(con, "refill")))
    again = False
    for mark in ex.read(sync_state.own_marks):
        if is_forked(mark):
            ex.write(lambda w, m=mark: _settle_fork(w, m, int(m.state.removeprefix(_FORKED))))
            again = True
        elif mark.state.startswith(_HOLE) and (lost or ex.read(lambda con, m=mark: _grew(con, m))):
            again |= ex.write(lambda w, m=mark: _settle_hole(w, m))
    return again


def _grew(con: Connection, mark: Mark) -> bool:
    """Whether more of it came since: a person listed what was kept apart, an older file brought some."""
    return sync_state.last_seq(con, mark.replica) > mark.acked


def _settle_hole(w: Writing, mark: Mark) -> bool:
    """The same from the place before the hole: the mark stands behind it, and so does its hash."""
    seq = int(mark.state.removeprefix(_HOLE))
    hashed = sync_state.hash_at(w.con, mark.replica, seq)
    return _settle_fork(w, replace(mark, acked=seq, hash=hashed or mark.hash), seq)


def _settle_fork(w: Writing, mark: Mark, after: int) -> bool:
    """What stands behind ``after`` goes on in the present life; whether anything did.

    The forked one has nothing more to send. What stays of it the server has by others' word, behind a hole.
    """
    taken = rechaining.take_up(w, mark.replica, after + 1)
    w.refold({op.subject for op in taken})
    last = sync_state.last_seq(w.con, mark.replica)
    hashed = sync_state.hash_at(w.con, mark.replica, last) if last > mark.acked else None
    state = f"{_HOLE}{mark.acked}" if last > mark.acked else ""
    acked, at = max(last, mark.acked), hashed or mark.hash
    sync_state.put_mark(w.con, replace(mark, own=True, state=state, acked=acked, hash=at))
    return bool(taken)


def epoch_told(ex: Exchange, epoch: str) -> bool:
    """The server's epoch as last heard; when it is another one, what the server lacks is offered (M-8.2)."""
    if epoch == ex.epoch:
        return False
    known, ex.epoch, ex.heard = ex.epoch, epoch, 0

    def job(w: Writing) -> None:
        sync_facts.put(w.con, "epoch", epoch)
        if known:
            _lost(w, "epoch")

    ex.write(job)
    if known:
        ex.repaired("epoch")
    return bool(known)


def _lost(w: Writing, why: str) -> None:
    """The server was restored: operations are offered and words said once more, words under a new epoch too,
    as a later restore may bring back one that was here before.
    """
    sync_facts.put(w.con, "refill", why)
    sync_moves.say_again(w.con)


def heard_told(ex: Exchange, heard: int) -> bool:
    """How many pushes of ours the server knows of. Fewer than before: it was restored and nobody said so;
    what it lacks is offered (M-8.6). 0 tells nothing, nor does an answer that was carried: it may be old.
    """
    if not heard or ex.carried:
        return False
    known, ex.heard = ex.heard, heard
    if heard >= known:
        return False

    def job(w: Writing) -> None:
        sync_facts.put(w.con, "heard", heard)
        _lost(w, "heard")

    ex.write(job)
    ex.repaired("epoch")
    return True


def stream_diverged(ex: Exchange, stream: str, why: str) -> None:
    """Take a stream in again from its beginning; operations stay, only their places are forgotten."""
    ex.repaired(why)

    def job(w: Writing) -> None:
        sync_state.restart_stream(w.con, stream)
        sync_facts.put(w.con, "refill", why)

    ex.write(job)
