"""Erasing a person in this file: log, rows, search index, drafts, attachments, journal (PIPL).

Headers stay, so that every chain still verifies. The register of erased subjects (``erased``) is what every
later arrival is held against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobdesk.cases import erasing
from jobdesk.cases.erasing import without_payload
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from jobdesk.store import local, sync_told, unread, withheld
from jobdesk.store.journal_erasing import OWES
from jobdesk.store.log import SPEAKS_SQL, Connection, blank, ops_named, ops_of_subject
from jobdesk.store.many import in_parts
from jobdesk.store.reads import referring_subjects
from jobdesk.store.station_file import Writing

_OF_NOBODY_ELSE = f"""DELETE FROM blob WHERE digest = ? AND NOT {unread.NAMES_BLOB}
    AND NOT EXISTS (SELECT 1 FROM record_row r
    WHERE r.kind = 'attachment' AND r.subject_id NOT IN (SELECT subject_id FROM erased)
    AND json_extract(r.data, '$.digest') = blob.digest)"""
"""One paper may lie in the files of two people, and the server need not have it yet."""


def drop_unnamed(con: Connection, digests: Iterable[str]) -> None:
    """Bytes that no operation names any more: a journal may bring a paper behind which its person was erased.
    What was taken back is named, and stays; so is what only a newer program can read.
    """
    left = set(digests)
    if left:
        left -= {row[0] for row in con.execute("SELECT json_extract(data, '$.digest') FROM record_row")}
    con.executemany(
        f"DELETE FROM blob WHERE digest = ? AND NOT {unread.NAMES_BLOB} "
        "AND NOT EXISTS (SELECT 1 FROM op WHERE instr(op.payload, blob.digest) > 0)",
        [(digest,) for digest in sorted(left)],
    )


def register(con: Connection) -> set[str]:
    """Ids of all erased subjects."""
    return {r[0] for r in con.execute("SELECT subject_id FROM erased").fetchall()}


def _erases(op: Op) -> bool:
    """``Erased`` holds a reason code and nobody: it stays whole wherever it is, since a blank one
    that a restored server is offered would stand there for the thing itself.
    """
    return RULES[op.kind].shape is Shape.ERASE


def kept(op: Op, erased: Collection[str]) -> Op:
    """The operation as it may be written here: blank when its subject is erased."""
    gone = op.subject.id in erased and not _erases(op)
    return without_payload(op) if gone and (op.payload is not None or op.salt) else op


def erase(w: Writing, subjects: Collection[Subject], now_ms: int) -> int:
    """Blank everything about these subjects inside the caller's transaction; operations blanked.

    Also what other subjects say of them, or ever said: a household's member, a held row, a line of 来访来电
    登记 or of a list that a county gave out.
    """
    if not subjects:
        return 0
    con = w.con
    con.executemany(
        "INSERT OR IGNORE INTO erased(subject_id, at_ms) VALUES (?,?)", [(s.id, now_ms) for s in subjects]
    )
    ids = [s.id for s in subjects]
    speaking = {*referring_subjects(con, ids), *_speaking(con, ids)}
    ops = [op for s in sorted({*subjects, *speaking}) for op in ops_of_subject(con, s.id)]
    gone = erasing.to_blank(subjects, ops)
    digests, unread_digests = erasing.attachments(ops, gone), unread.blobs_of(con, ids)
    blank(con, gone)
    withheld.forget(con, ids)
    sync_told.forget(con, ids, now_ms)
    unread_gone = unread.erase(con, ids)  # before the bytes: a line that is blank names none
    con.executemany(_OF_NOBODY_ELSE, [(d,) for d in digests])
    drop_unnamed(con, unread_digests)
    for subject in subjects:
        con.execute(
            "DELETE FROM draft WHERE instr(key, ?) > 0 OR instr(body, ?) > 0", (subject.id, subject.id)
        )
    if gone or unread_gone:
        local.set_fact(con, OWES, "1")
        w.erasing = True
    w.refold({*subjects, *speaking})
    return len(gone)


def _speaking(con: Connection, subject_ids: Collection[str]) -> set[Subject]:
    """Other subjects that name one of these, also where rows show it no more: what was taken back, or says
    somebody else by now, still stands in the log.
    """
    found: set[Subject] = set()
    for _, part in in_parts(subject_ids):
        names = " OR ".join(["instr(payload, ?)"] * len(part))
        query = f"SELECT DISTINCT subject_kind, subject_id FROM op WHERE {SPEAKS_SQL} AND ({names})"
        found |= {Subject(*r) for r in con.execute(query, [i.encode() for i in part]).fetchall()}
    return found


def erase_told(w: Writing, subject_ids: Collection[str], now_ms: int) -> None:
    """The same for those whom the server told by their ids (M-7.3); who is known to be erased is done."""
    if not subject_ids:
        return
    new: set[Subject] = set()
    for subject_id in sorted(set(subject_ids) - register(w.con)):
        query = "SELECT subject_kind FROM op WHERE subject_id = ?"
        (kind,) = w.con.execute(query, (subject_id,)).fetchone() or ("case",)
        new.add(Subject(kind, subject_id))
    erase(w, new, now_ms)


def speaks_of(ops: Iterable[Op], erased: Collection[str]) -> set[Subject]:
    """Erased people of whom these newly arrived operations speak."""
    found: set[Subject] = set()
    for op in ops:
        values = (op.payload or {}).get("set")
        named = values.get("case") if isinstance(values, dict) else None
        if isinstance(named, str) and named in erased:
            found.add(Subject("case", named))
    return found


def blank_late(w: Writing, ops: Iterable[Op]) -> set[Subject]:
    """What goes on with a line that is blank here, whichever of the two came first: the server may have
    listed it before it knew. ``ops`` came just now; returns whom it touched. Of who left only the payload is
    gone.
    """
    con = w.con
    new = [op for op in ops if op.subject.kind in erasing.SPEAKING]
    known = {one for op in new for one in erasing.known_to(op)}
    before = ops_named(con, known).values() if known else ()
    left = {r[0] for r in con.execute("SELECT subject_id FROM left_subject").fetchall()} if new else ()
    subjects = {
        op.subject for op in [*new, *before] if erasing.is_blank(op) and op.subject.id not in left
    }  # fmt: skip
    gone = [i for s in sorted(subjects) for i in erasing.after_blank_lines(ops_of_subject(con, s.id))]
    if not gone:
        return set()
    blank(con, gone)
    local.set_fact(con, OWES, "1")
    w.erasing = True
    w.refold(subjects)
    return subjects


def blank_left(w: Writing, subject_ids: Iterable[str], now_ms: int) -> int:
    """Payloads of people who are at another station now, once the server has everything safe (M-5.6). What
    somebody was typing here stays until they give it up: it stands nowhere else.
    """
    count = 0
    for subject_id in subject_ids:
        ops = [op for op in ops_of_subject(w.con, subject_id) if op.payload is not None and not _erases(op)]
        count += blank_some(w, subject_id, ops, now_ms)
    return count


def drop_drafts(con: Connection, subject_id: str) -> None:
    """With a stream that left a desk above: no erasure there is told to it any more."""
    con.execute("DELETE FROM draft WHERE instr(key, ?) > 0", (subject_id,))


def blank_some(w: Writing, subject_id: str, ops: Collection[Op], now_ms: int) -> int:
    """Payloads of these operations of somebody who left; what else there is of him goes another time."""
    digests = erasing.attachments(ops, {op.op_id for op in ops})
    blank(w.con, [op.op_id for op in ops])
    w.con.executemany(
        f"DELETE FROM blob WHERE digest = ? AND NOT {unread.NAMES_BLOB} "
        "AND NOT EXISTS (SELECT 1 FROM record_row r WHERE r.kind = 'attachment' "
        "AND r.subject_id <> ? AND json_extract(r.data, '$.digest') = blob.digest)",
        [(d, subject_id) for d in digests],
    )
    w.con.execute("UPDATE left_subject SET blanked_ms = ? WHERE subject_id = ?", (now_ms, subject_id))
    w.refold({op.subject for op in ops})
    if ops:
        local.set_fact(w.con, OWES, "1")
        w.erasing = True
    return len(ops)
