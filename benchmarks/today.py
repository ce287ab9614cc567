"""今日 with every rule at work: the whole board with nothing cached, one edit brought up to date, the memory.

In the running program: the station is open, its rule packs are read, the window stands; no row was read.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time

from benchmarks.measure import Result, median, part, times_ms
from benchmarks.station import Bench, bench_station
from benchmarks.township import township
from jobdesk.services.editing import save_record
from jobdesk.services.today import board, load_today, refresh_board
from jobdesk.store import reads
from jobdesk.ui.today import state

SETTLED = (20_000, 20, 50)
"""Collection as in the running program (``ui.shell``)."""


def run() -> list[Result]:
    bench = township(10_000)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SETTLED)
    try:
        whole, bare = _whole(bench), _bare(bench)
        edits = _edits(bench)
    finally:
        bench.station.close()
        gc.unfreeze()
    made = Result("今日 of 10,000 files, nothing cached, all rules", whole, "s", bare,
                  "reading and parsing the same rows", "≤ 1 s", whole <= 1)  # fmt: skip
    edit = Result("the same after one edit, shown, p95", part(edits, 0.95), "ms", None, "", "≤ 50 ms",
                  part(edits, 0.95) <= 50)  # fmt: skip
    return [made, edit, _memory()]


def _whole(bench: Bench) -> float:
    """From the question to the day as shown; each time on rows nobody has kept."""
    found: list[float] = []
    for _ in range(7):
        started = time.perf_counter()
        made = load_today(bench.desk).result()
        state.day_of(made)
        found.append(time.perf_counter() - started)
        del made
    return median(found)


def _bare(bench: Bench) -> float:
    def job(_: int) -> None:
        bench.desk.read(lambda con: sum(1 for _ in reads.open_case_rows(con))).result()

    return median(times_ms(job, 5)) / 1000


def _edits(bench: Bench) -> list[float]:
    """A field is saved; then the board is brought up to date and laid out, households and all."""
    desk = bench.desk
    boards = [load_today(desk).result()]
    with_family = sorted(boards[0].agenda.households)
    plain = [e.subject for e in boards[0].entries if e.subject in boards[0].items]
    ids = [x for pair in zip(with_family[:60], plain[:60], strict=False) for x in pair]

    def edit(n: int) -> None:
        case_id = ids[n % len(ids)]
        case = desk.case(case_id).result()
        save_record(desk, case.subject, case.root, {"note": f"第{n}次"}).result()

    def refresh(n: int) -> None:
        boards[0] = refresh_board(desk, boards[0], [ids[n % len(ids)]]).result()
        state.day_of(boards[0])

    found: list[float] = []
    for n in range(100):
        edit(n)
        found += times_ms(lambda _, n=n: refresh(n), 1, warm=0)
    return sorted(found)


def memory_alone() -> None:
    """Prints the most memory that this process held, in MB, once 今日 of 100,000 files was loaded."""
    bench = bench_station(100_000)
    try:
        made = bench.desk.read(lambda con: board(con, bench.desk)).result()
        assert made.entries
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    finally:
        bench.station.close()


def _memory() -> Result:
    """Of a process of its own: what this one holds from the other measurements is not the day's. The
    station was opened and closed before, so that its journal of a broken-off run is not read again.
    """
    bench_station(100_000).station.close()
    asked = [sys.executable, "-c", "from benchmarks.today import memory_alone; memory_alone()"]
    rss = float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    return Result(
        "memory with 今日 of 100,000 files, without the window", rss, "MB", None, "", "≤ 300 MB", rss <= 300
    )
