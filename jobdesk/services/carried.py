"""What a person sees of the exchange without a line: what would go, and the files that went."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.services.desk import Desk
from jobdesk.store import sync_blobs, sync_carried, sync_facts, sync_moves, sync_state
from jobdesk.store.log import Connection
from jobdesk.store.sync_carried import CarriedFile


@dataclass(frozen=True, slots=True)
class CarriedNow:
    """As the file stands.

    Attributes:
        server: its address; empty while this file is no device of one.
        waiting: operations and words to other stations that would go; contents: attachments with them.
        files: the newest first.
    """

    server: str
    waiting: int
    contents: int
    files: tuple[CarriedFile, ...]

    @property
    def enrolled(self) -> bool:
        return bool(self.server)


def carried_now(desk: Desk) -> Future[CarriedNow]:
    """For the tab 无网络交换."""

    def job(con: Connection) -> CarriedNow:
        server = sync_facts.get(con, "server") if sync_facts.get(con, "device") else ""
        return CarriedNow(
            server, sync_state.waiting(con) + sync_moves.unsent(con), len(sync_blobs.unsent(con)),
            tuple(sync_carried.files(con)),
        )  # fmt: skip

    return desk.read(job)
