"""Keystroke to first rows, and to complete ids and counts, at 100,000 people."""

from __future__ import annotations

import resource

from benchmarks.measure import Result, part, times_ms
from benchmarks.station import bench_station
from jobdesk.host.template_files import service_rules, template
from jobdesk.services import listing
from jobdesk.store import ledger

WORDS = (
    "王", "王芳", "wf", "wangfang", "zh", "l", "199", "1990", "南岭", "柳河", "李 南岭", "42", "z", "单",
)  # fmt: skip


def run() -> list[Result]:
    bench = bench_station(100_000)
    desk = bench.desk
    rules = listing.Rules(template(), service_rules(), desk.today)

    def first(n: int) -> None:
        query = ledger.LedgerQuery(text=WORDS[n % len(WORDS)])
        desk.read(lambda con: listing.first_rows(con, query, rules)).result()

    def whole(n: int) -> None:
        query = ledger.LedgerQuery(text=WORDS[n % len(WORDS)])
        desk.read(lambda con: listing.find(con, query, rules)).result()

    def scan(n: int) -> None:
        like = f"%{WORDS[n % len(WORDS)]}%"
        sql = "SELECT case_id FROM case_row WHERE name LIKE ? OR sort_name LIKE ? OR phone LIKE ? LIMIT 50"
        desk.read(lambda con: con.execute(sql, (like, like, like)).fetchall()).result()

    try:
        firsts = times_ms(first, 300, warm=30)
        wholes = times_ms(whole, 150, warm=30)
        scans = times_ms(scan, 60, warm=15)
    finally:
        bench.station.close()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Result("keystroke to first rows, 100,000 people, p99", part(firsts, 0.99), "ms", part(scans, 0.99),
               "bare LIKE scan", "≤ 16 ms", part(firsts, 0.99) <= 16),
        Result("complete ids and counts, p95", part(wholes, 0.95), "ms", part(scans, 0.95), "bare LIKE scan",
               "≤ 150 ms", part(wholes, 0.95) <= 150),
        Result("memory of the store at 100,000 people", rss, "MB", None, "", "≤ 300 MB", rss <= 300),
    ]  # fmt: skip
