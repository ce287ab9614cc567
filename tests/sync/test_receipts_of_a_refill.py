"""What the receipt says after a server lost something: what it was given back, apart from what was new."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.services.syncing import receipts
from jobdesk.sync.receipts import receipt_of
from jobdesk.ui.sync.receipts_state import Clock, sentence_of, whole
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import trip


def lost_three_of_each(server: Server, one: PC, two: PC, *, epoch: bool) -> None:
    """Six operations that both PCs know, and the server no more."""
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.sync_well()
    copy = server.copy("before.db")
    for n in range(3):
        one.open_case(f"one-{n}")
        two.open_case(f"two-{n}")
    for pc in (one, two, one):
        pc.sync_well()
    server.restore(copy, epoch=epoch)


@pytest.mark.parametrize("epoch", [True, False])
def test_a_refill_is_told_as_such(server: Server, pcs: tuple[PC, PC], epoch: bool) -> None:
    one, two = pcs
    lost_three_of_each(server, one, two, epoch=epoch)
    one.open_case("new")
    told = one.sync_well()
    assert (told.refilled_ops, told.sent_ops, told.sent_actions) == (6, 1, 1)
    assert sentence_of(told).startswith("上传 1 条 · 补传 6 条")
    went = {f.name: f.value for f in dict(whole(told, Clock(1)).parts)["上传"]}
    assert went["改动"] == "1 条，共 1 次保存" and went["补传"].startswith("6 条")
    assert receipt_of(receipts(one.desk, 1).result()[0][1]).refilled_ops == 6
    after = two.sync_well()
    assert (after.refilled_ops, after.sent_ops, after.came_ops) == (0, 0, 1)
    same(server, one, two)


def test_a_refill_that_broke_off_goes_on_as_one(server: Server, pcs: tuple[PC, PC]) -> None:
    """The line breaks once the loss was told: what goes next time had been there before all the same."""
    one, two = pcs
    lost_three_of_each(server, one, two, epoch=True)
    asked: list[str] = []

    def broken(_n: int) -> str:
        asked.append(one.wire.paths[-1])
        return "lost" if asked.count("/v1/push") == 2 and asked[-1] == "/v1/push" else ""

    one.wire.fault = broken
    assert one.sync().error == "no_line"
    one.wire.fault = lambda _n: ""
    told = one.sync_well()
    assert (told.refilled_ops, told.sent_ops) == (6, 0)
    for pc in (two, one):
        pc.sync_well()
    one.open_case("new")
    assert one.sync_well().sent_ops == 1
    two.sync_well()
    same(server, one, two)


def test_a_refill_by_stick_counts_what_was_of_others_too(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    one, two = pcs
    lost_three_of_each(server, one, two, epoch=True)
    trip(one, server, tmp_path / "first")  # tells that the server was restored
    told = trip(one, server, tmp_path / "second").receipt
    told_at_first = receipt_of(receipts(one.desk, 2).result()[1][1])
    assert told_at_first.refilled_ops + told.refilled_ops == 6
    assert "补传" in sentence_of(told)
    two.sync_well()
    one.sync_well()
    same(server, one, two)
