"""Words that deflate to next to nothing come through both ways: a reader takes them for a bomb else (M-3.2)."""

from __future__ import annotations

from random import Random

import pytest

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


@pytest.mark.parametrize("figures", [100_000, 1_900_000])
def test_what_no_body_holds_holds_nobody_up(server: Server, both: tuple[PC, PC], figures: int) -> None:
    """Of five million bytes the header goes, and is kept apart; they stay here."""
    one, two = both
    random = Random(1)
    one.serve("c1", "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(figures)))
    one.serve("c1", "之后")
    receipt = one.sync_well()
    assert [r for _, r in receipt.apart] == ["too_large" if figures == 100_000 else "bad_payload"]
    two.sync_well()
    assert "之后" in repr(two.case("c1").records)
    assert any(len(str(r.text("content"))) == figures for r in one.case("c1").of("service"))
