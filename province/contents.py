"""Attachments, lists, packs: bytes under their digest in a folder that all processes share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, and_, select, union

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Kind
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import BLOB_CHUNK_BYTES, MAX_BLOB_BYTES
from jobdesk.protocol.messages import BlobState
from province import owners, uploads
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.db.writing import among, in_pieces, widened
from province.refusing import Refused
from province.scope import Caller


def in_scope(con: Connection, caller: Caller, digests: Collection[str], *, writing: bool = False) -> set[str]:
    """Those that an operation names which the caller sees (M-9.4)."""
    nums = caller.may_write if writing else caller.nums
    if not digests or not nums:
        return set()
    query = select(t.content.c.digest).where(
        among(con, t.content.c.digest, digests), among(con, t.content.c.home, nums),
        t.content.c.gone_ms.is_(None),
    )  # fmt: skip
    return set(con.execute(query).scalars())


def to_read(con: Connection, caller: Caller, digests: Collection[str]) -> set[str]:
    """Those that the caller may fetch. A paper of a person stays with the stations: to desks above them go
    lists and packs only, until there are roles that say who there may look at it. What any attachment names
    is a paper, wherever it is listed, erased or not: whoever has its digest can name it as something else.
    """
    seen = in_scope(con, caller, digests)
    if caller.at_station or not seen:
        return seen
    query = select(t.content.c.digest, t.op.c.kind, t.op.c.line).join(t.op, t.op.c.op_id == t.content.c.op_id)
    with widened(con):
        rows = con.execute(query.where(among(con, t.content.c.digest, seen))).all()
    return seen - {digest for digest, kind, line in rows if _is_paper(kind, bytes(line))}


def _is_paper(kind: str, line: bytes) -> bool:
    if kind == Kind.ATTACHMENT_ADDED.value:
        return True
    payload = decode(line).payload
    return payload is None or payload.get("record") == "attachment"


def to_bring(con: Connection, caller: Caller, digests: Collection[str]) -> set[str]:
    """Those that the caller may send: in scope, named by an operation of its own organisation, or one that
    was kept apart of it, or of a file once at home there. A paper attached to a file that had moved on is
    named in a stream that its author does not see, and what a restored PC offers again may be of a life that
    nobody speaks for.
    """
    seen = in_scope(con, caller, digests, writing=True)
    rest = set(digests) - seen
    if not rest or caller.role == "carrier":
        return seen
    named = select(t.content.c.digest).where(
        among(con, t.content.c.digest, rest), t.content.c.gone_ms.is_(None)
    )
    own = (
        named.join(t.op, t.op.c.op_id == t.content.c.op_id)
        .join(t.replica, t.replica.c.id == t.op.c.replica)
        .join(t.device, t.device.c.id == t.replica.c.device)
        .where(t.device.c.org == caller.org)
    )
    q = t.quarantine.c
    kept = (
        named.join(t.op, t.op.c.op_id == t.content.c.op_id)
        .join(t.quarantine, and_(q.replica == t.op.c.replica, q.replica_seq == t.op.c.replica_seq))
        .join(t.device, t.device.c.id == q.device)
        .where(t.device.c.org == caller.org)
    )
    left = named.join(t.moved, t.moved.c.subject == t.content.c.subject).where(
        among(con, t.moved.c.stream, caller.may_write)
    )
    with widened(con):
        return seen | set(con.execute(union(own, kept, left)).scalars())


def left_over(con: Connection, since_ms: int = 0) -> set[str]:
    """Contents that only operations of the erased name. Mostly their bytes went with the push that erased; an
    erasure that was kept apart until now, or whose process died behind its commit, leaves them.

    The transaction must see all streams.

    Args:
        since_ms: of those that were erased since then.
    """
    gone = select(t.content.c.digest).where(t.content.c.gone_ms >= since_ms)
    return _unnamed(con, set(con.execute(gone).scalars()))


def _unnamed(con: Connection, digests: set[str]) -> set[str]:
    """Those that nobody's operation names who is left."""
    found = set(digests)
    for some in in_pieces(sorted(digests)):
        here = among(con, t.content.c.digest, some), t.content.c.gone_ms.is_(None)
        found.difference_update(con.execute(select(t.content.c.digest).where(*here)).scalars())
    return found


def erased_subjects(con: Connection, since_ms: int = 0) -> set[str]:
    return set(con.execute(select(t.erased.c.subject).where(t.erased.c.at_ms >= since_ms)).scalars())


def note_owners(con: Connection, store: Store, digests: Collection[str]) -> None:
    """Write down beside contents, before their first byte, which subjects they are of (``owners``)."""
    if not digests:
        return
    query = select(t.content.c.digest, t.content.c.subject).distinct()
    with widened(con):
        rows = con.execute(
            query.where(among(con, t.content.c.digest, digests), t.content.c.gone_ms.is_(None))
        ).all()
    for digest, subject in rows:
        owners.note(store.folder, digest, [subject])


def note_all(db: Database, store: Store) -> None:
    """The same for what was uploaded before anybody wrote it down; once, with an upgrade."""
    if not store.folder.is_dir() or owners.all_noted(store.folder):
        return
    query = select(t.content.c.digest, t.content.c.subject).distinct().where(t.content.c.gone_ms.is_(None))
    with db.reading(EVERYTHING) as con:
        for digest, subject in con.execution_options(yield_per=1000).execute(query):
            if store.state(digest).held:
                owners.note(store.folder, digest, [subject])
    owners.note_that_all_are(store.folder)


def drop_erased(
    db: Database, store: Store, subjects: Collection[str] | None = None, gone: Collection[str] = (),
    *, since_ms: int = 0,
) -> None:  # fmt: skip
    """The bytes of erased subjects, whoever still knew that they are theirs: the log, or after a restore the
    folder alone. What somebody else's operation names stays, also while it has not come back yet.

    Args:
        subjects: None for everybody who is erased, and for what a process left that died behind its commit.
        gone: contents that the log names no longer.
        since_ms: of everybody, those who were erased since then (``sweeping``).
    """
    with db.reading(EVERYTHING) as con:
        found = {*gone} if subjects is not None else left_over(con, since_ms)
        erased = {*subjects} if subjects is not None else erased_subjects(con, since_ms)
        found = owners.only_of(store.folder, found | owners.of(store.folder, erased), erased)
        found = _unnamed(con, found)
    store.drop(found)
    owners.forget(store.folder, erased)
    if subjects is None and not since_ms:
        uploads.tidy(store.folder)


@dataclass(frozen=True, slots=True)
class Store:
    """Whole contents under ``ab/abcd…``, those under way with ``.part`` behind their name."""

    folder: Path

    def state(self, digest: str) -> BlobState:
        whole, part = self._paths(digest)
        if whole.exists():
            return BlobState(digest=digest, held=whole.stat().st_size, complete=True)
        held = part.stat().st_size if part.exists() else 0
        return BlobState(digest=digest, held=held, complete=False)

    def put(self, digest: str, at: int, size: int, chunk: bytes, device: str = "") -> BlobState:
        """Write a chunk; what stands already is passed over, a chunk beyond the end waits for the one before.

        One writer of a content at a time, of all processes: who is second with the last chunk finds it whole.
        What is answered as complete a power cut does not take.

        Raises:
            Refused: ``body``: larger than allowed or than it said; or the whole has another digest, and goes.
                ``busy``: this device has begun as many as it may.
        """
        if size > MAX_BLOB_BYTES or at + len(chunk) > size or len(chunk) > BLOB_CHUNK_BYTES:
            raise Refused(ErrorCode.BODY, detail="too_large")
        whole, part = self._paths(digest)
        if not part.parent.exists():
            part.parent.mkdir(parents=True, exist_ok=True)
            _sync(self.folder)
        if device and len(chunk) < size and not whole.exists():
            uploads.begin(self.folder, device, digest)
        while not whole.exists():
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
                if _stands(file, part):  # not what became whole, or went, while it was waited for
                    return self._add(file, digest, at, size, chunk)
        _sync(whole.parent)  # who made it whole may not have come so far
        return self.state(digest)

    def _add(self, file: BinaryIO, digest: str, at: int, size: int, chunk: bytes) -> BlobState:
        """A chunk into the part, which nobody else writes; see ``put``."""
        whole, part = self._paths(digest)
        if whole.exists():  # since before this part was begun
            part.unlink(missing_ok=True)
            _sync(whole.parent)
            return self.state(digest)
        held = file.seek(0, os.SEEK_END)
        if at > held:
            return BlobState(digest=digest, held=held, complete=False)
        file.seek(at)
        file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        held = file.seek(0, os.SEEK_END)
        if held < size:
            return BlobState(digest=digest, held=held, complete=False)
        file.seek(0)
        found = sha256()
        while block := file.read(1 << 20):
            found.update(block)
        if found.hexdigest() != digest or held != size:
            part.unlink(missing_ok=True)
            uploads.forget(self.folder, digest)
            raise Refused(ErrorCode.BODY, detail="digest")
        with suppress(FileNotFoundError):  # an erasure was faster, and took it
            part.replace(whole)
        _sync(whole.parent)
        uploads.forget(self.folder, digest)
        return self.state(digest)

    def get(self, digest: str, at: int) -> tuple[bytes, int]:
        """A chunk from ``at`` on, and the size of the whole.

        Raises:
            Refused: ``body`` with ``absent`` while it is not whole here.
        """
        whole, _ = self._paths(digest)
        try:
            with whole.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(min(at, size))
                return file.read(BLOB_CHUNK_BYTES), size
        except FileNotFoundError:
            raise Refused(ErrorCode.BODY, detail="absent") from None

    def drop(self, digests: Iterable[str]) -> None:
        """Contents of erased subjects, whole or not."""
        for digest in digests:
            for path in reversed(self._paths(digest)):  # a part that is renamed in between goes as the whole
                path.unlink(missing_ok=True)
            owners.forget_content(self.folder, digest)
            uploads.forget(self.folder, digest)

    def _paths(self, digest: str) -> tuple[Path, Path]:
        whole = self.folder / digest[:2] / digest
        return whole, whole.with_suffix(".part")


def _stands(file: BinaryIO, path: Path) -> bool:
    """Whether an open file is the one of this name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """The names in it are on disk: a file that was renamed is not, before its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
