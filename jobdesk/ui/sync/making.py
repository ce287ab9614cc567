"""The runner beside a window, made on a thread: its imports may take their time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from jobdesk.cases.clock import Clock
from jobdesk.host import machine_code, metered, way_out
from jobdesk.host.policy_settings import Policy
from jobdesk.services.desk import Desk
from jobdesk.services.sync_wishes import line_wish
from jobdesk.store.open_station import OpenStation

if TYPE_CHECKING:
    from jobdesk.sync.receipts import Receipt
    from jobdesk.sync.running import Running
    from jobdesk.sync.transport import Transport


def http(server: str) -> Transport:
    """The line of a real desk."""
    from jobdesk.sync.http_transport import HttpTransport

    return HttpTransport(server)


def make_running(
    station: OpenStation, desk: Desk, policy: Policy, done: Callable[[Receipt], None],
    line: Callable[[str], Transport] = http, clock: Clock | None = None,
) -> Running:  # fmt: skip
    """For the station that is open. The practice station never enrols by itself: its people are invented.

    Args:
        done: told after every exchange, on the runner's thread.
        line: makes the line to a server.
    """
    from jobdesk.sync.enrolling import Offer, offer_of
    from jobdesk.sync.running import Running

    data = station.paths.data
    offer = Offer() if desk.practice else offer_of(policy)
    if offer.code and machine_code.is_used(data, offer.code):
        machine_code.wipe()  # perhaps somebody with more rights sits here today
        offer = replace(offer, code="")

    def spent(code: str) -> None:
        machine_code.mark_used(data, code)
        machine_code.wipe()

    return Running(
        station.file, clock or desk.clock, line, time.monotonic, Random(),
        metered=lambda: is_paid(desk), way_out=way_out.own_address,
        done=done, offer=offer, actor=desk.actor, code_spent=spent,
    )  # fmt: skip


def is_paid(desk: Desk) -> bool:
    """Whether the line is spared: as somebody said, else as the system says. On the runner's thread."""
    wish = line_wish(desk).result()
    return wish == "always" or (wish == "system" and metered.is_metered())


def enrol_now(
    station: OpenStation, desk: Desk, server: str, code: str, line: Callable[[str], Transport] = http
) -> Future[str]:
    """Enrol with what a person typed; answers the station's name as the server knows it. Seconds, aside.

    Raises (in the future):
        JobdeskError: as ``sync.enrolling.enrol``.
    """

    def job() -> str:
        from jobdesk.sync.enrolling import checked_server, enrol

        address = checked_server(server)
        transport = line(address)
        try:
            told = enrol(station.file, transport, address, code, desk.clock, desk.actor)
        finally:
            close = getattr(transport, "close", None)
            if close is not None:
                close()
        return told.station.name

    return station.file.work.aside(job)
