"""The list of stations: what every PC's daily question costs, beside the same of a tenth as many, and the list itself.

On PostgreSQL, over HTTP, with signatures; CPU is counted of the server's processes and of PostgreSQL's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks import capacity
from benchmarks.evening import codes, enrolled
from benchmarks.measure import Result
from benchmarks.served import ROOT, Served, cpu_s, served
from jobdesk.protocol.messages import StationsAsk
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport

MANY = int(os.environ.get("JOBDESK_LISTED", "12000"))
FEW, TOWNS, ASKED, FETCHED = MANY // 12, 60, 1500, 20


def run() -> list[Result]:
    with served(1) as server, HttpTransport(server.url) as line:
        client = enrolled(line, codes(server, ["s0"])[0], "listing")
        _add(server, 0, FEW)
        few = _asked(server, client)
        _add(server, FEW, MANY)
        first = _cpu(server, lambda: _whole(client))
        many = _asked(server, client)
        before = client.sent + client.received
        whole = _cpu(server, lambda: [_whole(client) for _ in range(FETCHED)]) / FETCHED
        each = (client.sent + client.received - before) / FETCHED / MANY
    if MANY >= 12_000:
        capacity.keep({"list_app_ms": many[0], "list_db_ms": many[1], "list_b": each}, capacity.LISTING)
    ms, before_ms = sum(many), sum(few)
    return [
        Result(f"“is the list another one?”, {MANY:,} stations, CPU of server and PostgreSQL", ms, "ms", before_ms,
               f"the same of {FEW:,}", "≤ 1.5×", ms <= before_ms * 1.5),
        Result("bytes of the list on the wire, a station", each, "B"),
        Result("CPU for the list after a change, whole, the first time", first, "ms"),
        Result("the same for the next", whole, "ms", first, "the first"),
    ]  # fmt: skip


def _add(server: Served, start: int, end: int) -> None:
    """Stations of towns, named as such are."""
    towns = [f"t{n},第{n}街道,township,{ROOT}," for n in range(TOWNS)]
    rows = [f"x{n:06},第{n}社区就业服务站,station,t{n % TOWNS}," for n in range(start, end)]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "orgs.csv"
        table.write_text("\n".join(["id,name,level,parent,region", *towns, *rows]), "utf-8")
        server.command("orgs", str(table))
    with psycopg.connect(server.owner.replace("postgresql+psycopg", "postgresql"), autocommit=True) as con:
        con.execute("VACUUM ANALYZE")  # now, and not by itself while something is measured


def _whole(client: Client) -> str:
    """Fetch all of it; its version."""
    after = ""
    while True:
        head, found = client.stations(StationsAsk(after=after))
        if not head.more:
            return head.version
        after = found[-1].stream


def _asked(server: Served, client: Client) -> tuple[float, float]:
    """Milliseconds of one question: the server's, PostgreSQL's."""
    version = _whole(client)
    before = cpu_s(server)
    for _ in range(ASKED):
        head, found = client.stations(StationsAsk(known=version))
        if found or head.version != version:
            raise RuntimeError("the list changed meanwhile")
    app, db = ((b - a) / ASKED * 1000 for a, b in zip(before, cpu_s(server), strict=True))
    return app, db


def _cpu(server: Served, do: Callable[[], object]) -> float:
    """Milliseconds of both."""
    before = sum(cpu_s(server))
    do()
    return (sum(cpu_s(server)) - before) * 1000
