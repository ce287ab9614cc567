"""What real processes, a bad line and restores brought to light, in small."""

from __future__ import annotations

from pathlib import Path

from jobdesk.store.safekeeping import back_up
from tests.sync.ground import PC, Server
from tests.sync.test_recovery import begun, clone


def test_the_journal_of_a_clone_goes_on_where_a_backup_of_its_former_life_ends(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    """The check looked for backups of the present life only, and told of operations in no journal."""
    one, two = pcs
    begun(one, two)
    one.open_case("c2")
    back_up(one.station, "daily").result()
    one.open_case("c3")
    other = clone(one, tmp_path / "clone")
    one.open_case("one")
    other.open_case("other")
    one.sync_well()
    assert "fork" in other.sync_well().repaired
    assert other.faults() == [] and one.faults() == []
    other.reopen()
    assert other.faults() == []
    other.close()
