"""A copy of an attachment leaves the program: written into the access log first, then to the disk."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from jobdesk.cases.errors import BadInput
from jobdesk.host.disk import disk_errors
from jobdesk.services.desk import Desk
from jobdesk.services.revealing import log_look
from jobdesk.store import local
from jobdesk.store.log import Connection


def export_copy(desk: Desk, case_id: str, digest: str, target: Path, reason: str) -> Future[Path]:
    """Write the bytes of an attachment to ``target``; the answer is where they went.

    Raises (in the future):
        BadInput: ``attachment_absent``, the bytes are not on this PC.
        Trouble: the disk; the export stays in the access log all the same.
    """
    logged = log_look(desk, "export", subject_id=case_id, field="attachment", reason=reason)

    def copy(con: Connection) -> Path:
        logged.result()
        content = local.blob(con, digest)
        if content is None:
            raise BadInput("attachment_absent")
        with disk_errors(target):
            target.write_bytes(content)
        return target

    return desk.read(copy)
