"""Commands for the exchange with the province: becoming a device, one exchange now."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jobdesk.cases.errors import BadInput
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host import machine_code
from jobdesk.host.strings import text
from jobdesk.services.syncing import files_said
from jobdesk.store import sync_facts

if TYPE_CHECKING:
    from jobdesk.sync.receipts import Receipt


def enrol(place: Place, args: argparse.Namespace) -> Answer:
    """Address and code as given, or as IT has set them for this machine."""
    from jobdesk.sync.enrolling import checked_server, offer_of
    from jobdesk.sync.enrolling import enrol as enrol_file
    from jobdesk.sync.http_transport import HttpTransport

    offer = offer_of(place.config.policy)
    server, code = args.server or offer.server, args.code or offer.code
    if not server:
        raise BadInput("server_needed")
    if not code:
        raise BadInput("enrolment_code_needed")
    with place.session(writable=True, title="enrol") as session:
        address = checked_server(server)
        with HttpTransport(address) as line:
            told = enrol_file(session.station.file, line, address, code, place.clock, session.desk.actor)
        if offer.code and not args.code:
            machine_code.mark_used(session.station.paths.data, offer.code)
            machine_code.wipe()
    data = {"server": address, "device": told.device, "station": told.station.stream,
            "name": told.station.name, "role": told.role}  # fmt: skip
    return Answer(data, [text("cli.sync.enrolled", name=told.station.name, server=address)])


def sync(place: Place, args: argparse.Namespace) -> Answer:
    """One exchange; exit code 4 when it did not come through (what was saved stays and waits)."""
    from jobdesk.sync.engine import Setup, synchronise
    from jobdesk.sync.http_transport import HttpTransport

    with place.session(writable=True, title="sync") as session:
        file = session.station.file
        server = file.read(lambda con: sync_facts.get(con, "server")).result()
        with HttpTransport(server or "http://127.0.0.1") as line:
            receipt = synchronise(Setup(file, line, place.clock, page_bytes=256 * 1024, ahead=True))
    lines = [
        text("cli.sync.sent", actions=receipt.sent_actions, count=receipt.sent_ops),
        text("cli.sync.known", count=receipt.known_ops) if receipt.known_ops else "",
        text("cli.sync.refilled", count=receipt.refilled_ops) if receipt.refilled_ops else "",
        text("cli.sync.words", count=receipt.sent_words) if receipt.sent_words else "",
        _came(receipt),
        text("cli.sync.waits", count=receipt.waiting),
        *(text("cli.sync.apart", action=a, reason=text(f"sync.reason.{r}")) for a, r in receipt.apart),
        text("cli.sync.agreed") if receipt.agreed else "",
        text(f"error.{receipt.error}", detail="", what="", versions="") if receipt.error else "",
    ]
    data = {**receipt.body(), "agreed": receipt.agreed}
    return Answer(data, [line for line in lines if line], 4 if receipt.error else 0)


def _came(receipt: Receipt) -> str:
    what = files_said(receipt.came_cases, receipt.came_households) if receipt.came_ops else ""
    return text("cli.sync.came_what" if what else "cli.sync.came", count=receipt.came_ops, what=what)
