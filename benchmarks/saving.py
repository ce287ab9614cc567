"""A save on a file of 400 operations, over two bare fsynced writes (the file and the journal)."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.measure import Result, median, part, times_ms
from benchmarks.station import bench_station
from jobdesk.services.registering import register
from jobdesk.services.serving import ServiceEntry, record_service

ENTRY = ServiceEntry(
    {"type": "HF", "channel": "phone", "served_on": "2026-11-20", "content": "已接通，愿意应聘"}
)


def run() -> list[Result]:
    bench = bench_station(1000)
    try:
        desk = bench.desk
        case_id = register(desk, {"name": "单秀英"}).result().case_id
        for _ in range(400):
            record_service(desk, [case_id], ENTRY).result()
        ours = times_ms(lambda _: record_service(desk, [case_id], ENTRY).result(), 200, warm=20)
    finally:
        bench.station.close()
    floor = times_ms(lambda _: _two_writes(bench.station.paths.data), 200, warm=20)
    over = part(ours, 0.95) - part(floor, 0.95)
    return [
        Result("save on a file of 400 operations, p95", part(ours, 0.95), "ms", part(floor, 0.95),
               "two bare fsynced writes", "≤ 15 ms over the floor", over <= 15),
        Result("the same, p50", median(ours), "ms", median(floor), "two bare fsynced writes"),
    ]  # fmt: skip


def _two_writes(folder: Path) -> None:
    for name in ("floor-a", "floor-b"):
        fd = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(fd, bytes(4096))
        os.fsync(fd)
        os.close(fd)
