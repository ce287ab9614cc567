"""Bytes that operations name by their digest: attachments, lists, packs. Up and down, resumed at any byte."""

from __future__ import annotations

from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import BLOB_CHUNK_BYTES, MAX_BLOB_BYTES
from jobdesk.protocol.messages import BlobsAsk
from jobdesk.store import local, sync_blobs
from jobdesk.sync.client import Declined, NotSpoken, Unanswered
from jobdesk.sync.exchange import Exchange, Progress

_AT_ONCE = 200


def exchange_contents(ex: Exchange) -> None:
    """Send what the server lacks, fetch what this file lacks. A server that keeps none is done without."""
    try:
        _send(ex)
        _fetch(ex)
    except (NotSpoken, Unanswered):
        return
    except Declined as declined:
        if declined.error is not ErrorCode.BUSY:  # another time: operations are what matters
            raise


def _send(ex: Exchange) -> None:
    waiting = ex.read(sync_blobs.unsent)
    for start in range(0, len(waiting), _AT_ONCE):
        told = ex.client.blobs(BlobsAsk(digests=waiting[start : start + _AT_ONCE]))
        for state in told.blobs:
            if state.complete or _send_one(ex, state.digest, state.held):
                ex.write(lambda w, d=state.digest: sync_blobs.mark_sent(w.con, d))


def _send_one(ex: Exchange, digest: str, held: int) -> bool:
    content = ex.read(lambda con: local.blob(con, digest))
    if content is None or len(content) > MAX_BLOB_BYTES:
        return False
    for _ in range(2 + len(content) // BLOB_CHUNK_BYTES):
        chunk = content[held : held + BLOB_CHUNK_BYTES]
        state = ex.client.put_blob(digest, held, len(content), chunk)
        held = state.held
        ex.progress(Progress("contents", held, len(content)))
        if state.complete:
            ex.receipt.contents_sent += 1
            return True
    return False


def _fetch(ex: Exchange) -> None:
    for digest in ex.read(sync_blobs.wanted):
        try:
            content = _fetch_one(ex, digest)
        except Declined as declined:
            if declined.error is ErrorCode.BUSY:
                raise
            continue  # nobody has sent it yet
        if content is not None:
            ex.write(lambda w, c=content: sync_blobs.came(w.con, c))
            ex.receipt.contents_came += 1


def _fetch_one(ex: Exchange, digest: str) -> bytes | None:
    parts = bytearray()
    while True:
        chunk, size = ex.client.get_blob(digest, len(parts))
        parts += chunk
        if size > MAX_BLOB_BYTES or len(parts) > size or (not chunk and len(parts) < size):
            return None
        ex.progress(Progress("contents", len(parts), size))
        if len(parts) == size:
            return bytes(parts) if local.digest(bytes(parts)) == digest else None
