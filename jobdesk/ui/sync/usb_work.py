"""What the tab 无网络交换 has done aside: sticks and lines take their time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from PySide6.QtCore import QStorageInfo

from jobdesk.services.desk import Desk
from jobdesk.store import sync_facts
from jobdesk.store.open_station import OpenStation
from jobdesk.sync.carried_desk import BroughtBack, TakenOut, bring_back, take_out
from jobdesk.sync.carrier import Delivered, carry

if TYPE_CHECKING:
    from jobdesk.sync.transport import Transport

_USUAL = ("/media/", "/run/media/", "/mnt/", "/Volumes/")


def http(server: str) -> Transport:
    """A line on which a whole file fits."""
    from jobdesk.protocol.limits import MAX_CARRIED_BYTES
    from jobdesk.sync.http_transport import HttpTransport

    return HttpTransport(server, most_bytes=MAX_CARRIED_BYTES)


def likely_stick() -> str:
    """Where a stick is plugged in, as far as the system tells; empty where it does not."""
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        windows = root[1:2] == ":" and root[:1].upper() not in "AC"
        if volume.isReady() and not volume.isReadOnly() and (windows or root.startswith(_USUAL)):
            return root
    return ""


def out_aside(station: OpenStation, desk: Desk, folder: Path) -> Future[TakenOut]:
    """Raises (in the future) as ``carried_desk.take_out``."""
    return station.file.work.aside(lambda: take_out(station.file, desk.clock, folder))


def back_aside(station: OpenStation, desk: Desk, where: Path) -> Future[BroughtBack]:
    """Raises (in the future) as ``carried_desk.bring_back``."""
    return station.file.work.aside(lambda: bring_back(station.file, desk.clock, where))


def carry_aside(
    station: OpenStation, server: str, folder: Path, line: Callable[[str], Transport],
    waits: Callable[[float], None],
) -> Future[list[Delivered]]:  # fmt: skip
    """Carry for others, signed by this device where it is one of that server.

    Args:
        waits: told on the thread of the work before it sleeps as long as a busy server says (seconds);
            0 once it goes on.

    Raises (in the future) as ``carrier.carry``.
    """

    def wait(seconds: float) -> None:
        waits(seconds)
        sleep(seconds)
        waits(0)

    def job() -> list[Delivered]:
        from jobdesk.sync.client import Client

        facts = station.file.read(sync_facts.all_facts).result()
        transport = line(server)
        try:
            own = None
            if "device" in facts and facts.get("server") == server:
                own = Client(transport, facts["device"], bytes.fromhex(facts["device_key"]))
            return carry(folder, transport, own=own, wait=wait)
        finally:
            close = getattr(transport, "close", None)
            if close is not None:
                close()

    return station.file.work.aside(job)
