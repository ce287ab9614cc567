"""Operations from elsewhere into this file: by a page of a stream, a bootstrap, an exchange file, a journal.

One transaction each: operations once by their id, each touched subject folded once, places in the stream, and
the cursor. A kill before its commit leaves the page to be asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from jobdesk.cases.codec import assembled, body_hash, canonical, op_hash, parts
from jobdesk.cases.erasing import attachments, erased_subjects
from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.cases.fold import fold_new
from jobdesk.cases.ops import Kind, Op, Subject
from jobdesk.cases.restricting import is_withheld
from jobdesk.protocol.chains import StreamPoint, add, element, link
from jobdesk.store import blanking, rechaining, sync_state, sync_told, unread
from jobdesk.store.log import Connection, insert, ops_named
from jobdesk.store.many import in_parts
from jobdesk.store.projection import project_new
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import StreamState

if TYPE_CHECKING:
    from jobdesk.protocol.messages import PageHead


@dataclass(frozen=True, slots=True)
class Line:
    """One operation as it came.

    Attributes:
        op: None when only a newer program can read it; it is kept as it is.
        op_id, action, hash: known even then.
    """

    raw: bytes
    op: Op | None
    op_id: str
    action: str
    hash: bytes


@dataclass(slots=True)
class TakenIn:
    """What a page came to.

    Attributes:
        new: operations that were not here before; of_new: whose.
        subjects: whose rows were written anew, of those that were here too.
        agreed: whether both digests are the same; None when the page did not reach the stream's end.
    """

    new: int = 0
    of_new: frozenset[Subject] = frozenset()
    subjects: frozenset[Subject] = frozenset()
    agreed: bool | None = None


def read_lines(lines: Iterable[bytes]) -> list[Line]:
    """Lines of a page.

    Raises:
        Trouble: ``sync_page_damaged``: a line that no program ever wrote, or a payload that is not its own.
    """
    return [_read(raw) for raw in lines]


def _read(raw: bytes) -> Line:
    try:
        head, first, salt, body = parts(raw)
        op_id, action = first[1], first[7]
        hashed = sha256(head.encode()).digest()
        spelled = b"" if body is None else body.encode()
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError) as bad:
        raise Trouble("sync_page_damaged", what="line") from bad
    try:
        op = assembled(first, salt, body, spelled)
    except BadInput:
        return Line(raw, None, str(op_id), str(action), hashed)
    if op.payload is not None and body_hash(op.salt, spelled) != op.payload_hash:
        spelled = canonical(op.payload)
        if body_hash(op.salt, spelled) != op.payload_hash:
            raise Trouble("sync_page_damaged", what="payload")
        op = replace(op, body=spelled)
    return Line(raw, op, op.op_id, op.action_id, hashed)


def take_page(w: Writing, page: PageHead, lines: Sequence[bytes], now_ms: int) -> TakenIn:
    """One stream's part of an answer to a pull, with its cursor and digest.

    Raises:
        Trouble: ``sync_page_out_of_place`` the cursor is elsewhere by now (an answer that came twice);
            ``sync_page_damaged`` the page is not what its head says. Nothing is written then.
    """
    state = sync_state.know_stream(w.con, page.stream)
    if (state.at.seq, state.at.hash.hex()) != (page.start.seq, page.start.hash):
        raise Trouble("sync_page_out_of_place", stream=page.stream)
    if page.count != len(lines):
        raise Trouble("sync_page_damaged", what="count")
    read = read_lines(lines)
    read, end = _walked(state.at, read, page)
    taken = absorb(w, read, now_ms)
    first = state.at.seq + 1
    w.con.executemany(
        "INSERT INTO stream_op(stream, seq, op_id) VALUES (?,?,?)",
        [(state.num, first + n, line.op_id) for n, line in enumerate(read)],
    )
    digest = add(state.digest, (element(first + n, line.hash) for n, line in enumerate(read)))
    if page.digest is not None:
        taken.agreed = digest.hex() == page.digest
    sync_state.move_stream(w.con, state.num, end, digest, page.head, now_ms if taken.agreed else None)
    sync_told.came_back(w.con, _whole(w.con, state, page, read))
    _note_who_left(w.con, page, now_ms)
    return taken


def _walked(start: StreamPoint, read: list[Line], page: PageHead) -> tuple[list[Line], StreamPoint]:
    """The lines with the hashes that lead to the page's end.

    Raises:
        Trouble: ``sync_page_damaged``: no spelling of them leads there.
    """
    for spelled_anew in (False, True):
        if spelled_anew:  # a header that somebody spelled in another way has the hash of its one spelling
            read = [replace(x, hash=op_hash(x.op)) if x.op else x for x in read]
        at = start
        for line in read:
            at = link(at, line.hash)
        if (at.seq, at.hash.hex()) == (page.end.seq, page.end.hash):
            return read, at
    raise Trouble("sync_page_damaged", what="chain")


def _whole(con: Connection, before: StreamState, page: PageHead, read: list[Line]) -> set[str]:
    """Actions that are here as a whole: a page may end inside one, and another behind it or the stream's end
    tells that nothing of it follows (M-5.2).
    """
    row = con.execute(
        "SELECT o.action_id FROM stream_op s JOIN op o ON o.op_id = s.op_id WHERE s.stream = ? AND s.seq = ?",
        (before.num, before.at.seq),
    ).fetchone()
    begun = read[-1].action if read else row[0] if row else ""
    return {*(line.action for line in read), *(row or ())} - ({begun} if page.end.seq < page.head else set())


def _note_who_left(con: Connection, page: PageHead, now_ms: int) -> None:
    """Their payloads go later, once all of them is safe (M-5.6)."""
    con.executemany(
        "INSERT OR IGNORE INTO left_subject(subject_id, stream, at_ms, blanked_ms) VALUES (?,?,?,0)",
        [(subject_id, page.stream, now_ms) for subject_id in page.left],
    )


def absorb(w: Writing, lines: Sequence[Line], now_ms: int) -> TakenIn:
    """Operations that the server has listed: new ones in, known ones as they stand there.

    The server's header holds; a payload that it does not tell this desk stays as it is here. What stood at a
    place of these goes on in a life of ours; and whoever is erased, by these or before, is blank in the end.
    """
    ops = {line.op.op_id: line.op for line in lines if line.op is not None}
    erased = blanking.register(w.con) | {s.id for s in erased_subjects(ops.values())}
    # what only a newer program can read stays whole, and counts in the stream all the same
    w.unread += unread.keep(w.con, [(x.op_id, x.raw) for x in lines if x.op is None], erased)
    here = ops_named(w.con, ops)
    other = [
        _with_payload(op, here[op_id], erased) for op_id, op in ops.items()
        if op_id in here and _differs(here[op_id], op, erased)
    ]  # fmt: skip
    new = [blanking.kept(op, erased) for op_id, op in ops.items() if op_id not in here]
    emptied = {op.op_id for op in other if op.payload is None}  # its ``Erased`` may be on a later page
    stays = ops.keys() - {op.op_id for op in other}
    touched: set[Subject] = _out_of_the_way(w, [*other, *new], stays)
    if other:
        touched |= {here[op.op_id].subject for op in other} | rechaining.set_header(w, other)
    touched |= insert_and_fold(w, new)
    counting = w.refold(touched)
    late = {
        op.subject
        for op in here.values()
        if op.payload is not None and op.subject.id in erased and op.kind is not Kind.ERASED
    }  # written here before this desk knew, or by somebody who had the form open; listed blank by now
    gone = erased_subjects(ops.values()) | blanking.speaks_of([*new, *other], erased) | late
    blanking.erase(w, gone, now_ms)
    blanking.drop_unnamed(w.con, attachments([here[op.op_id] for op in other], emptied))
    touched |= blanking.blank_late(w, [*new, *other])
    of_new = frozenset(op.subject for op in new)
    return TakenIn(len(new), of_new, of_new | touched | counting | gone)


def _differs(mine: Op, theirs: Op, erased: set[str]) -> bool:
    """Whether the server's form is to be taken: another header, or a payload that is missing here only."""
    if op_hash(mine) != op_hash(theirs):
        return True
    blank = theirs.subject.id in erased and theirs.kind is not Kind.ERASED
    return mine.payload is None and theirs.payload is not None and not blank


def _with_payload(theirs: Op, mine: Op, erased: set[str]) -> Op:
    """The server's header with what we know of it: a desk above gets no restricted fact (M-9.6), and of the
    erased what they named is to go with it (``blanking.erase``), so that it is known until then.
    """
    gone = theirs.subject.id in erased
    if not (gone or is_withheld(theirs)) or mine.payload is None or theirs.payload_hash != mine.payload_hash:
        return blanking.kept(theirs, erased)
    return replace(theirs, payload=mine.payload, salt=mine.salt, body=mine.body)


def _out_of_the_way(w: Writing, ops: Sequence[Op], stays: Collection[str]) -> set[Subject]:
    """What stands at places that these have on the server is taken up by a life of ours, with
    all that follows the beginning of its action, but for what the same page lists where it is.
    """
    touched: set[Subject] = set()
    by: dict[str, list[Op]] = {}
    for op in ops:
        by.setdefault(op.replica_id, []).append(op)
    for replica, theirs in by.items():
        wanted = {op.replica_seq: op.op_id for op in theirs}
        taken = [seq for seq, op_id in _at_places(w.con, replica, list(wanted)) if wanted[seq] != op_id]
        if taken:
            first = rechaining.first_of_action(w.con, replica, min(taken))
            touched |= {op.subject for op in rechaining.take_up(w, replica, first, listed=stays)}
            rechaining.make_way(w, replica, taken)
        if _a_copy_goes_on(w, replica, max(wanted)):
            rechaining.begin_new_life(w)
    return touched


def _a_copy_goes_on(w: Writing, replica: str, last: int) -> bool:
    """Whether the present life has something behind its end that was not written here: a copy of this file
    goes on with that chain, and we go on in another (M-8.4).
    """
    return replica == w.chain.replica_id and last > w.chain.seq


def _at_places(con: Connection, replica: str, seqs: Sequence[int]) -> Iterator[tuple[int, str]]:
    """(place, operation) of those places of a chain that are taken here."""
    for marks, part in in_parts(seqs):
        yield from con.execute(
            f"SELECT replica_seq, op_id FROM op WHERE replica_id = ? AND replica_seq IN ({marks})",
            (replica, *part),
        ).fetchall()


def insert_and_fold(w: Writing, new: list[Op]) -> set[Subject]:
    """Write operations that are not here; subjects nobody knew get their rows at once, the others are
    returned for folding, and files that count a new one.
    """
    if not new:
        return set()
    by: dict[Subject, list[Op]] = {}
    for op in new:
        by.setdefault(op.subject, []).append(op)
    known = _known(w.con, [s.id for s in by])
    insert(w.con, new)
    w.ops += new
    counting = project_new(w.con, [fold_new(ops, s) for s, ops in by.items() if s.id not in known])
    return counting | {s for s in by if s.id in known}


def _known(con: Connection, subject_ids: Sequence[str]) -> set[str]:
    """Those of which something is here already."""
    found: set[str] = set()
    for marks, part in in_parts(subject_ids):
        rows = con.execute(f"SELECT DISTINCT subject_id FROM op WHERE subject_id IN ({marks})", part)
        found |= {r[0] for r in rows.fetchall()}
    return found


def read_again(w: Writing, now_ms: int) -> int:
    """After an update of the program: operations that it can read now. Returns how many."""
    lines = [x for x in read_lines(raw for _, raw in unread.lines(w.con)) if x.op is not None]
    if lines:
        absorb(w, lines, now_ms)
        w.con.executemany("DELETE FROM unread_op WHERE op_id = ?", [(line.op_id,) for line in lines])
    return len(lines)
