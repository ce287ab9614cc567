"""Made-up operations of one replica, chained as a desk chains them."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Op, Subject, opened
from jobdesk.store.log import Log, Tip


def actions(sizes: Sequence[int], text: str = "内容", replica: str = "r1") -> list[Op]:
    """As many actions as sizes, each of that many operations, in one chain."""
    clock = FixedClock.at(2026, 7, 15)
    log = Log(Tip(replica, 0, GENESIS, (0, 0)), clock, seeded_ids(7, clock))
    found: list[Op] = []
    for n, size in enumerate(sizes):
        subject = Subject("case", f"case-{n}")
        new = [opened(subject, "service", f"s{n}-{k}", {"content": text}) for k in range(size)]
        ops, log.tip = log.stamp_all(new, "staff", f"action-{n}")
        found += ops
    return found


def some_ops(count: int, text: str = "内容") -> list[Op]:
    """One action."""
    return actions([count], text)
