"""No line at all: weeks of work go and come on a stick, and nothing else differs."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from tests.sync.ground import DAY_MS, PC, Server, same
from tests.sync.sticks import trip


def test_a_month_without_a_line(
    server: Server, pcs: tuple[PC, PC], clock: FixedClock, tmp_path: Path
) -> None:
    one, two = pcs
    for pc in pcs:
        pc.enrol()
        pc.wire.fault = lambda _n: "lost"  # from here on nobody has a line
    one.open_case("c1")
    trip(one, server, tmp_path / "u")
    trip(two, server, tmp_path / "u")
    assert two.case("c1").root.text("name") == "赵某"
    for week in range(4):
        one.set("c1", phone=f"1990000000{week}")
        two.set("c1", address=f"南岭街道{week}号")
        two.open_case(f"new-{week}")
        two.serve("c1", f"第{week}周")
        clock.tick(7 * DAY_MS)
        trip(one, server, tmp_path / "u")
        trip(two, server, tmp_path / "u")
    last = trip(one, server, tmp_path / "u")
    assert last.receipt.agreed and last.receipt.carried and not last.more
    same(server, one, two)
    assert one.waiting() == two.waiting() == 0
