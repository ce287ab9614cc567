"""Photos, scans and PDFs on a person or on one service: kept encrypted in the station file, by content."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import Json, Kind
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import opening
from jobdesk.store import local
from jobdesk.store.station_file import Changes, Writing

MAX_BYTES = 20 * 1024 * 1024
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"BM", "image/bmp"),
    (b"GIF8", "image/gif"),
)


def media_type(content: bytes) -> str | None:
    """What the bytes are, whatever the name says; None for kinds that cannot be viewed inside."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def attach(
    desk: Desk, case_id: str, file: Path, title: str = "", belongs_to: str | None = None
) -> Future[Changes]:
    """Take a file in.

    Args:
        belongs_to: id of the service or other record it proves; None for the person.

    Raises:
        Refused: larger than 20 MB.
        BadInput: not a picture or PDF, empty, or unreadable.
    """
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise Refused("attachment_too_large", size=size, limit=MAX_BYTES)
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("attachment_unreadable", path=str(file)) from error
    kind = media_type(content)
    if kind is None:
        raise BadInput("attachment_kind", path=file.name)

    def job(w: Writing) -> Changes:
        values: dict[str, Json] = {
            "digest": local.put_blob(w.con, content), "file_name": file.name, "media_type": kind,
            "title": title, "size": len(content), "belongs_to": belongs_to,
            "added_on": desk.today.isoformat(),
        }  # fmt: skip
        op = opening(case_subject(case_id), "attachment", w.new_id(), values, kind=Kind.ATTACHMENT_ADDED)
        return w.append(desk.actor, [op])

    return desk.write(job)


def content_of(desk: Desk, digest: str) -> Future[bytes | None]:
    """The bytes of an attachment, for viewing inside; None when they are not on this PC."""
    return desk.read(lambda con: local.blob(con, digest))
