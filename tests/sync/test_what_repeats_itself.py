"""Words that deflate to next to nothing come through both ways: a reader takes them for a bomb else (M-3.2)."""

from __future__ import annotations

from tests.sync.ground import PC, Server, same


def test_a_text_of_one_word_holds_nobody_up(server: Server, both: tuple[PC, PC]) -> None:
    one, two = both
    one.serve("c1", "好" * 80_000)
    one.sync_well()
    two.sync_well()
    one.serve("c1", "之后")
    one.sync_well()
    two.sync_well()
    same(server, one, two)
    assert "之后" in repr(two.case("c1").records)
