"""A file on a stick that was written before the desk was restored: its answer tells nothing of what came to light."""

from __future__ import annotations

from pathlib import Path

from jobdesk.store.safekeeping import back_up
from tests.sync import sticks
from tests.sync.ground import PC, Server, same
from tests.sync.test_found_by_sim import restored


def test_an_answer_from_before_a_restore_does_not_say_that_everything_was_offered(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """What the journal brought of the life in between was not in that file: nobody offered it any more."""
    one, two = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    back_up(one.station, "test").result()
    restored(one, 0)
    written = sticks.out(one, tmp_path / "stick")
    one.serve("c1", "走访")
    restored(one, 0)
    assert len(one.case("c1").of("service")) == 1
    assert sticks.back(one, sticks.answer(server, written)).receipt.error == ""
    two.enrol()
    for pc in (one, two, one):
        pc.sync_well()
    assert len(two.case("c1").of("service")) == 1
    same(server, one, two)
