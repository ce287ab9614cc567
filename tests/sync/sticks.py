"""A stick in the pocket of somebody who carries: files from desks to the server's code and back, in memory."""

from __future__ import annotations

from pathlib import Path

from jobdesk.sync import carried_files, carried_in, carried_out
from province.carrying import carried
from tests.sync.ground import PC, Server


def out(pc: PC, stick: Path, **more: int) -> Path:
    """What a desk does: write, then tell that it stands there."""
    stick.mkdir(exist_ok=True)
    made = carried_out.compose(pc.station.file, pc.clock, **more)
    path = carried_files.write_file(stick, made.file.name, made.data)
    carried_out.written(pc.station.file, made.file.exchange, path.name)
    return path


def answer(server: Server, path: Path) -> bytes:
    return carried(server.province, path.read_bytes())


def back(pc: PC, data: bytes) -> carried_in.Brought:
    return carried_in.take(pc.station.file, data, pc.clock, "回执.jobdesk")


def trip(pc: PC, server: Server, stick: Path) -> carried_in.Brought:
    """There and back."""
    brought = back(pc, answer(server, out(pc, stick)))
    assert brought.receipt.error == ""
    return brought
