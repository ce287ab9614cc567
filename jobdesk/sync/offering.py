"""Pushing: what each life of this file has that the server does not, and, once, what others had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from jobdesk.cases.codec import GENESIS, encode
from jobdesk.cases.errors import Trouble
from jobdesk.cases.ops import Op, Subject
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_OP_BYTES
from jobdesk.protocol.messages import Place, PushAnswer, PushHead
from jobdesk.store import blanking, outbox, rechaining, sync_facts, sync_state, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.outbox import Parcel
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import Mark
from jobdesk.sync import recovering
from jobdesk.sync.client import Declined, Unanswered
from jobdesk.sync.exchange import Exchange, Progress


def push_all(ex: Exchange, *, probe: bool) -> None:
    """Every life of this file, former ones first, until nothing is left.

    Lives with nothing to send are asked about too, as long as not all of it is safe: whether the server
    still has what it named (M-4.7). A restore of the server that nobody told is found out so.

    Args:
        probe: ask about lives that are safe as well.
    """
    while True:
        marks = ex.read(sync_state.own_marks)
        again = False
        for mark in marks:
            if not recovering.is_forked(mark):
                ask = probe or mark is marks[-1] or mark.acked > mark.safe
                again |= _push_life(ex, mark, probe=ask)
        if not again:
            return
        probe = False


def _push_life(ex: Exchange, mark: Mark, *, probe: bool) -> bool:
    """Until it has nothing more to send; whether a new life began, so that all are gone through again.

    The mark is read anew each time: an answer may have moved it anywhere, or ended this life.
    """
    asked, before = False, mark.acked
    while True:
        mark = ex.read(lambda con, m=mark: sync_state.mark(con, m.replica))
        last = ex.read(lambda con, m=mark: sync_state.last_seq(con, m.replica))
        parcel = _fitting(ex, mark)
        if not parcel.ops and last > mark.acked:
            ex.repaired("hole")
            ex.write(lambda w, m=mark: recovering.fork(w, m.replica))  # another life takes up the rest
            return True
        if not parcel.ops and (asked or not probe):
            return False
        asked = True
        head = PushHead(
            replica=mark.replica, epoch=ex.epoch or None, last_seq=last, now_ms=ex.now_ms,
            acked=Place(seq=mark.acked, hash=mark.hash.hex()), count=len(parcel.lines), heard=ex.heard,
        )  # fmt: skip
        try:
            answer = ex.client.push(head, parcel.lines)
        except Unanswered:
            return False
        except Declined as declined:
            if recovering.known_hole(mark, declined) or recovering.known_claim(ex, mark, declined):
                return False
            if recovering.after_push(ex, mark, declined):
                return True
            continue
        if recovering.epoch_told(ex, answer.epoch) | recovering.heard_told(ex, answer.heard):
            probe, asked = True, False
        if ex.write(lambda w, m=mark, p=parcel, a=answer: _acknowledged(w, ex, m, p, a)):
            return True
        ex.progress(Progress("push", max(answer.acked.seq - before, 0), max(last - before, 0)))


def _fitting(ex: Exchange, mark: Mark) -> Parcel:
    return ex.read(lambda con: fitting(con, mark.replica, mark.acked, ex.push_bytes, ex.body_bytes))


def fitting(
    con: Connection, replica: str, after: int, push_bytes: int, body_bytes: int,
    *, of: Callable[[Connection, str, int, int], Parcel] = outbox.parcel,
) -> Parcel:  # fmt: skip
    """The next parcel, small enough on the wire too: how far lines deflate nobody knows before.

    Args:
        of: ``outbox.witnessed`` for others' chains.
        push_bytes: what the lines should come to; a single action may be larger (M-4.4).
        body_bytes: what the server takes, deflated.
    """
    aim = push_bytes
    while True:
        parcel = of(con, replica, after, aim)
        size = sum(map(len, parcel.lines))
        if len(parcel.ops) <= 1 or aim <= 1024:
            return parcel if size <= MAX_OP_BYTES or _goes(parcel, body_bytes) else _bare(parcel)
        if size <= 2 * push_bytes and _goes(parcel, body_bytes):
            return parcel
        aim //= 2


def _goes(parcel: Parcel, body_bytes: int) -> bool:
    """Whether a server can read it at all, with room for its head."""
    size = sum(map(len, parcel.lines))
    return size + 1024 <= MAX_BATCH_BYTES and len(write_lines(Place(), parcel.lines)) + 1024 <= body_bytes


def _bare(parcel: Parcel) -> Parcel:
    """Of what no body holds its header alone: it is kept apart, and what follows goes (M-4.4)."""
    lines = (
        encode(replace(op, payload=None, body=b"")) if len(line) > MAX_OP_BYTES else line
        for op, line in zip(parcel.ops, parcel.lines, strict=True)
    )
    return replace(parcel, lines=tuple(lines))


def _acknowledged(w: Writing, ex: Exchange, mark: Mark, parcel: Parcel, answer: PushAnswer) -> bool:
    """Write down what the server has; whether a new life began with it."""
    con, place = w.con, answer.acked
    sync_facts.put(con, "heard", ex.heard or "")
    here = sync_state.last_seq(con, mark.replica)
    mine = sync_state.hash_at(con, mark.replica, place.seq)
    began = False
    if place.seq > here:
        # it knows more of us than we do: this file is an older copy of one that went on (M-8.4)
        if w.chain.replica_id == mark.replica:
            rechaining.begin_new_life(w)
            began = True
        elif outbox.stands_nowhere(con, mark.replica, min(mark.safe, mark.acked)):
            recovering.fork_at(w, mark, place)  # whose its places are nobody says: streams will
            ex.repaired("fork")
            return True
    elif mine is not None and place.hash not in (mine.hex(), GENESIS.hex()):
        recovering.fork_at(w, mark, place)
        ex.repaired("fork")
        return True
    if place.seq >= mark.acked:
        hashed = mine or bytes.fromhex(place.hash)
        # a place that is not here proves nothing the first time: a proxy may answer with another life's
        twice = place.seq <= here or (place.seq, place.hash) == (mark.acked, mark.hash.hex())
        safe = answer.safe if twice else mark.safe
        moved = replace(mark, acked=place.seq, hash=hashed, safe=safe, own=True)
        sync_state.put_mark(con, moved)
    apart = _kept_apart(w, ex, mark, parcel, answer)
    fresh = [op for op in parcel.ops if mark.acked < op.replica_seq <= place.seq]
    had = sync_facts.had(con, mark.replica)
    _count(ex, [op for op in fresh if op.action_id not in apart], answer, had)
    if had and place.seq >= had:
        sync_facts.put_had(con, mark.replica, 0)
    ex.receipt.next_sync_s = answer.next_sync_s
    if not ex.carried:  # there it says how long the stick was on its way
        ex.receipt.skew_ms = answer.skew_ms
        sync_facts.put(con, "skew_ms", answer.skew_ms)
    blanking.erase_told(w, answer.erased, ex.now_ms)
    return began


def _kept_apart(w: Writing, ex: Exchange, mark: Mark, parcel: Parcel, answer: PushAnswer) -> set[str]:
    """Actions of the parcel that the server keeps apart, written down and told. What it lists is apart no
    longer: a restored one judges anew, and may list it in streams of others alone.
    """
    named = {f"line-{op.replica_seq}": op.action_id for op in parcel.ops}  # what it could not read
    apart = {named.get(v.action, v.action): v for v in answer.verdicts if v.verdict is Verdict.QUARANTINED}
    stands = {v.action for v in answer.verdicts} & set(named.values())
    sync_told.listed_after_all(w.con, stands - apart.keys())
    for action, verdict in apart.items():
        reason = verdict.reason.value if verdict.reason else ""
        if _own_setup(w, parcel, action):
            continue
        sync_told.put_apart(w.con, action, mark.replica, reason, ex.now_ms)
        if (action, reason) not in ex.receipt.apart:  # asked anew behind a loss
            ex.receipt.apart.append((action, reason))
    return set(apart)


def _count(ex: Exchange, gone: Sequence[Op], answer: PushAnswer, had: int) -> None:
    """Into the receipt: what went for the first time, what a server that lost it has again, what it knew.

    Args:
        had: up to which the server had this life before it lost some of it.
    """
    new = _taken(gone, answer)
    first = [op for op in new if op.replica_seq > had]
    ex.receipt.sent_ops += len(first)
    ex.receipt.sent_actions += len({op.action_id for op in first})
    ex.receipt.refilled_ops += len(new) - len(first)
    ex.sent_anew |= {op.op_id for op in new if op.replica_seq <= had}
    ex.receipt.known_ops += len(gone) - len(new)


def _taken(ops: Sequence[Op], answer: PushAnswer) -> list[Op]:
    """Those the server lacked: it may have them from before a restore, or by somebody else's word."""
    taken = {v.action for v in answer.verdicts if v.verdict is Verdict.ACCEPTED}
    return [op for op in ops if op.action_id in taken]


def _own_setup(w: Writing, parcel: Parcel, action: str) -> bool:
    """Name and people of a desk above the stations belong to no stream: they stay here, nobody is told, for
    whatever reason a server keeps them.
    """
    if sync_facts.get(w.con, "role") == "desk":
        return False
    mine = Subject("station", w.station_subject)
    return all(op.subject == mine for op in parcel.ops if op.action_id == action)


def offer_as_witness(ex: Exchange) -> bool:
    """What the server lost of other files, as far as it is known here (M-8.2); whether there was any. A push
    that is refused keeps no other from going: ``ex.refused`` is the first of them.
    """
    offered, told, ex.refused = False, 0, None
    before: Trouble | None = None
    for replica in ex.read(outbox.unlisted):
        after = 0
        while (parcel := _of_others(ex, replica, after)).ops:
            after = parcel.ops[-1].replica_seq
            head = PushHead(
                replica=replica, epoch=ex.epoch or None, last_seq=after, now_ms=ex.now_ms,
                count=len(parcel.lines), witness=True, heard=ex.heard,
            )  # fmt: skip
            try:
                answer = ex.client.push(head, parcel.lines)
            except Trouble as trouble:
                if isinstance(trouble, Declined) and trouble.error is ErrorCode.FORK:
                    offered |= ex.write(lambda w, r=replica, o=parcel.ops: taken_up(w, r, o[0].replica_seq))
                    break  # its owner went on differently
                if not _of_one_push(trouble) or (_of_the_server(trouble) and before):
                    raise
                ex.refused = ex.refused or trouble
                before = trouble if _of_the_server(trouble) else None
                continue
            before = None
            recovering.heard_told(ex, answer.heard)
            if answer.erased:
                ex.write(lambda w, a=answer: blanking.erase_told(w, a.erased, ex.now_ms))
            offered = True
            told += len(parcel.ops)
            ex.receipt.refilled_ops += len(_taken(parcel.ops, answer))
            ex.progress(Progress("refill", told))
    return offered


def _of_others(ex: Exchange, replica: str, after: int) -> Parcel:
    return ex.read(
        lambda con: fitting(con, replica, after, ex.push_bytes, ex.body_bytes, of=outbox.witnessed)
    )


_OF_ONE_PUSH = (ErrorCode.BODY, ErrorCode.GAP, ErrorCode.OUT_OF_SCOPE, ErrorCode.BUSY)


def _of_one_push(trouble: Trouble) -> bool:
    """Whether another push may be taken all the same: nothing is wrong with line, device or version."""
    if isinstance(trouble, Declined):
        return trouble.error in _OF_ONE_PUSH
    return trouble.code in ("sync_answer_damaged", "sync_no_answer")


def _of_the_server(trouble: Trouble) -> bool:
    """Whether that was the server's state as likely as this push: met twice in a row it is."""
    if isinstance(trouble, Declined):
        return trouble.error is ErrorCode.BUSY and not trouble.at_the_bound
    return True


def taken_up(w: Writing, replica: str, from_seq: int) -> bool:
    """Somebody goes on with this chain, and whoever wrote what stands here may be gone: it goes on in our
    life. Where its author brings it too, it is the same operation.
    """
    taken = rechaining.take_up(w, replica, from_seq, which=outbox.UNLISTED)
    w.refold({op.subject for op in taken})
    return bool(taken)


ASKED = "asked"
"""Value of ``refill``: what stands nowhere was asked about; the rest is still to be done, as of any loss."""


def ask_anew(w: Writing) -> bool:
    """What a server that lost something says that it has of ours, and no stream here tells of, goes once
    more, once a loss: it may keep that apart, or list by now what it had kept apart, and have said so to
    another copy of this file alone.

    Whether there was any.
    """
    con = w.con
    if sync_facts.get(con, "refill") == ASKED:
        return False
    marks = [m for m in sync_state.own_marks(con) if not m.state]
    back = [moved for m in marks if (moved := _before_what_is_nowhere(w, m))]
    for mark in back:
        sync_state.put_mark(con, mark)
    if back:
        sync_facts.put(con, "refill", ASKED)
    return bool(back)


def _before_what_is_nowhere(w: Writing, mark: Mark) -> Mark | None:
    setup = "" if sync_facts.get(w.con, "role") == "desk" else w.station_subject
    found = (outbox.first_nowhere(w.con, mark.replica, mark.safe, setup),
             sync_told.first_apart(w.con, mark.replica, mark.safe))  # fmt: skip
    first = min((seq for seq in found if seq is not None and seq <= mark.acked), default=None)
    if first is None:
        return None
    hashed = sync_state.hash_at(w.con, mark.replica, first - 1)
    return None if hashed is None else replace(mark, acked=first - 1, hash=hashed)


def nothing_lost(ex: Exchange) -> None:
    """Everything was offered; the next loss will be told anew."""
    ex.write(lambda w: sync_facts.put(w.con, "refill", ""))


def refill_wanted(ex: Exchange) -> str:
    """Why everything the server lacks is to be offered; empty when it is not."""
    return ex.read(lambda con: sync_facts.get(con, "refill"))
