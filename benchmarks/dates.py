"""The next contact and the tier kept in the ledger's lines: everybody anew, one after a save, and the lists by them.

CPU of the process: what a busy machine does not add to.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.measure import Result, part
from benchmarks.township import township
from jobdesk.host.template_files import service_rules, template
from jobdesk.services import kept_dates, listing
from jobdesk.services.serving import ServiceEntry, record_service
from jobdesk.store.ledger import LedgerQuery

ENTRY = ServiceEntry({"type": "HF", "channel": "phone", "served_on": "2026-11-20", "content": "已接通"})


def _cpu(job: Callable[[int], object], times: int) -> list[float]:
    found: list[float] = []
    for n in range(times):
        start = time.process_time()
        job(n)
        found.append((time.process_time() - start) * 1000)
    return found


def run() -> list[Result]:
    bench = township(10_000)
    desk = bench.desk
    rules = listing.Rules(template(), service_rules(), desk.today, desk)

    def ask(query: LedgerQuery) -> listing.Found:
        return desk.read(lambda con: listing.find(con, query, rules)).result()

    try:
        kept_dates.brought_up_to_date(desk)
        whole = _cpu(lambda _: kept_dates.judge_everybody(desk).result(), 5)
        by_tier = _cpu(lambda n: ask(LedgerQuery(tier="123"[n % 3])), 60)
        case_id = ask(LedgerQuery()).page.ids[0]
        saves: list[float] = []
        for _ in range(60):
            record_service(desk, [case_id], ENTRY).result()
            saves += _cpu(lambda _: kept_dates.catch_up(desk).result(), 1)
    finally:
        bench.station.close()
    return [
        Result("next contact and tier of 10,000 files anew, CPU", part(sorted(whole), 0.5), "ms"),
        Result("the same of one file after a save, CPU p95", part(sorted(saves), 0.95), "ms"),
        Result("台账 by 服务等级 with counts, 10,000 files, CPU p95", part(sorted(by_tier), 0.95), "ms"),
    ]
