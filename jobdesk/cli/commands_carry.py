"""Commands for the exchange without a line: out to a stick, back from it, and carrying for others."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from jobdesk.cases.errors import BadInput, JobdeskError
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host.strings import text
from jobdesk.store import sync_facts

if TYPE_CHECKING:
    from jobdesk.sync.carried_desk import Read
    from jobdesk.sync.carrier import Delivered


def carry_out(place: Place, args: argparse.Namespace) -> Answer:
    """One file for the server, on a stick or in any folder."""
    from jobdesk.sync.carried_desk import take_out

    with place.session(writable=True, title="carry-out") as session:
        done = take_out(session.station.file, place.clock, args.folder)
    made = done.made.file
    data = {"file": str(done.path), "number": made.number, "size": made.size, "ops": made.ops,
            "actions": done.made.actions, "contents": made.contents, "left_over": made.left_over,
            "left_contents": done.made.left_contents}  # fmt: skip
    lines = [text("cli.carry.out_made", path=str(done.path)), text("cli.carry.holds", count=made.ops)]
    if made.left_over or done.made.left_contents:
        lines.append(text("cli.carry.left", count=made.left_over, files=done.made.left_contents))
    return Answer(data, lines)


def carry_in(place: Place, args: argparse.Namespace) -> Answer:
    """One answer, or all for this PC in a folder; exit code 2 when one could not be read, 4 when one did not
    come through.
    """
    from jobdesk.sync.carried_desk import bring_back

    with place.session(writable=True, title="carry-in") as session:
        found = bring_back(session.station.file, place.clock, args.where)
    lines = [said for one in found.read for said in _said(one)]
    if not found.read:
        lines.append(text("cli.carry.none"))
    data = {"read": [_data(r) for r in found.read], "others": found.others, "out": found.out}
    errors = [r.brought.receipt.error for r in found.read if r.brought is not None]
    code = 4 if any(errors) else 2 if any(r.problem for r in found.read) else 0
    return Answer(data, lines, code)


def _data(one: Read) -> dict[str, object]:
    if one.brought is None:
        return {"file": str(one.path), "problem": one.problem.code if one.problem else ""}
    b = one.brought
    return {"file": str(one.path), "problem": "", "number": b.number, "more": b.more, "ahead": b.ahead,
            "nothing_new": b.nothing_new, **b.receipt.body(), "agreed": b.receipt.agreed}  # fmt: skip


def _said(one: Read) -> list[str]:
    if one.brought is None:
        assert one.problem is not None
        return [f"{one.path.name}：" + text(f"error.{one.problem.code}", **one.problem.params)]
    b, r = one.brought, one.brought.receipt
    said = [text("cli.carry.read", name=one.path.name, sent=r.sent_ops, came=r.came_ops)]
    said += [text("cli.sync.known", count=r.known_ops)] if r.known_ops else []
    said += [text("cli.sync.words", count=r.sent_words)] if r.sent_words else []
    if b.nothing_new:
        said = [text("cli.carry.nothing_new", name=one.path.name)]
    if b.ahead:
        said.append(text("sync.usb.ahead"))
    if b.more:
        said.append(text("sync.usb.more"))
    if r.error:
        said.append(text(f"error.{r.error}", detail="", what="", versions=""))
    return said


def carry(place: Place, args: argparse.Namespace) -> Answer:
    """Carry the files of a folder to the server; exit code 4 when one was not answered."""
    from jobdesk.protocol.limits import MAX_CARRIED_BYTES
    from jobdesk.sync import carrier
    from jobdesk.sync.client import Client
    from jobdesk.sync.enrolling import checked_server, offer_of
    from jobdesk.sync.http_transport import HttpTransport

    known = _device(place)
    address = args.server or known.get("server", "") or offer_of(place.config.policy).server
    if not address:
        raise BadInput("server_needed")
    address = checked_server(address)
    with HttpTransport(address, most_bytes=MAX_CARRIED_BYTES) as line:
        own = None
        if "device" in known and known.get("server") == address:
            own = Client(line, known["device"], bytes.fromhex(known["device_key"]))
        done = carrier.carry(args.folder, line, own=own, wait=time.sleep)
    data = {"files": [
        {"file": str(d.path), "state": d.state, "problem": d.problem.code if d.problem else "",
         "answer": str(d.answer) if d.answer else None} for d in done
    ]}  # fmt: skip
    lines = [_carried_line(d) for d in done] or [text("cli.carry.nothing_to_carry")]
    return Answer(data, lines, 4 if any(d.state == "failed" for d in done) else 0)


def _carried_line(one: Delivered) -> str:
    if one.problem is not None:
        why = text(f"error.{one.problem.code}", **one.problem.params)
        return text("cli.carry.failed", name=one.path.name, why=why)
    answer = one.answer.name if one.answer else ""
    return text(f"cli.carry.{one.state}", name=one.path.name, answer=answer)


def _device(place: Place) -> dict[str, str]:
    """What this machine is to a server; empty where it is no desk, or somebody's window keeps it closed."""
    if not place.paths.station.exists():
        return {}
    try:
        with place.reading("carry") as session:
            return session.station.file.read(sync_facts.all_facts).result()
    except JobdeskError:
        return {}
