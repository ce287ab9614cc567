"""What still goes forward: on a line where one request of a hundred comes through, and behind an action that cannot
be listed (L4 and L2 of the study).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from jobdesk.cases.clock import FixedClock
from tests.sync.ground import PC, Server, same


def _windows(every: int, there: int) -> Callable[[int], str]:
    """A line that is there for so many requests of so many, one after another, and then is not."""
    return lambda n: "" if n % every < there else "lost"


def _tries(pc: PC, most: int, done: Callable[[], bool]) -> int:
    """Exchanges until it is done; a fault where they were too many."""
    for n in range(most):
        if done():
            return n
        assert pc.sync(page_bytes=1).error in ("", "no_line")
    raise AssertionError(f"not done after {most} exchanges: {pc.waiting()} wait")


def test_three_requests_in_three_hundred_bring_everything_there_and_back(
    server: Server, both: tuple[PC, PC]
) -> None:
    """Each time that the line is there something goes for good: hello, what was saved, a page. Three in a row is what
    an exchange needs to bring anything: it asks what the server has of its own before it takes in others'.
    """
    one, two = both
    two.serve("c1", "同事的")
    two.sync_well()
    one.set("c1", phone="19900000044")
    one.wire.count, one.wire.fault = 299, _windows(300, 3)
    assert one.sync(page_bytes=1).error == "no_line" and one.waiting() == 0
    two.sync_well()
    assert two.case("c1").root.text("phone") == "19900000044"
    places = [one.digest()[0]]
    while one.digest() != server.digest():
        one.wire.count += 297 - one.wire.count % 300  # as many are lost as these two tries
        for _ in range(2):
            assert one.sync(page_bytes=1).error == "no_line"
        one.sync(page_bytes=1)
        places.append(one.digest()[0])
        assert places[-1] > places[-2], places
    assert len(places) > 2
    same(server, one, two)


def test_where_two_requests_of_three_are_lost_each_by_itself(server: Server, both: tuple[PC, PC]) -> None:
    """Nothing that came through is asked for twice: the next three in a row bring the next piece."""
    one, two = both
    for n in range(2):
        two.serve("c1", f"同事{n}")
    two.sync_well()
    one.serve("c1", "自己的")
    chance = Random(4)
    one.wire.fault = lambda _n: "" if chance.random() < 0.3 else "lost"
    _tries(one, 500, lambda: one.waiting() == 0 and one.digest() == server.digest())
    one.wire.fault = lambda _n: ""
    two.sync_well()
    same(server, one, two)


def test_what_cannot_be_listed_holds_up_nothing_behind_it(
    tmp_path: Path, clock: FixedClock, server: Server, both: tuple[PC, PC]
) -> None:
    """An action about somebody who is at home elsewhere is kept apart, and the chain goes on in the same exchange."""
    one, two = both
    other = PC(tmp_path / "other", server, clock, "周站长")
    other.open_case("c9")
    other.enrol("b").sync_well()
    one.serve("c1", "在前")
    one.serve("c9", "不该有")
    one.serve("c1", "在后")
    asked = one.wire.count
    receipt = one.sync_well()
    assert [reason for _, reason in receipt.apart] == ["out_of_scope"]
    assert one.wire.paths[asked:].count("/v1/push") == 1
    two.sync_well()
    known = repr(two.case("c1").records)
    assert "在前" in known and "在后" in known and not two.case("c9").exists
    same(server, two)
    other.close()
