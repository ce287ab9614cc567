"""Two PCs of one station, weeks apart: same folds, same digests, nobody's work lost or doubled."""

from __future__ import annotations

import shutil
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.opening import open_station
from province import contents
from tests.sync.ground import DAY_MS, PC, Server, Wire, same


def test_weeks_apart_they_agree(server: Server, pcs: tuple[PC, PC], clock: FixedClock) -> None:
    one, two = pcs
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol().sync_well()
    assert two.case("c1").root.text("name") == "赵某"
    for week in range(3):
        one.set("c1", phone=f"1990000000{week}")
        two.set("c1", address=f"南岭街道{week}号")
        two.open_case(f"new-{week}")
        clock.tick(7 * DAY_MS)
    two.set("c1", phone="19900000009")
    for pc in (one, two, one):
        receipt = pc.sync_well()
    assert receipt.agreed
    same(server, one, two)
    root = one.case("c1").root
    assert root.conflicts == ("phone",) and root.text("address") == "南岭街道2号"
    assert sorted(str(h.value) for h in root.fields["phone"].heads) == ["19900000002", "19900000009"]


def test_a_second_exchange_has_nothing_to_do(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    one.open_case("c1")
    one.enrol()
    first = one.sync_well()
    assert first.sent_ops == 3 and first.came_ops == 0
    listed = server.listed()
    again = one.sync_well()
    assert (again.sent_ops, again.came_ops, server.listed()) == (0, 0, listed) and again.agreed


def test_the_second_pc_takes_the_stations_one_subject(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.sync_well()
    assert two.desk.station == one.desk.station
    for pc in pcs:
        staff = [r.text("name") for r in pc.state(pc.desk.station).of("staff")]
        assert sorted(staff) == ["于晓梅", "孙立国"]
    two.reopen()
    assert two.desk.station == one.desk.station
    same(server, one, two)


def test_a_station_of_format_1_goes_on_with_the_province(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path
) -> None:
    one, _ = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    folder = tmp_path / "old"
    shutil.copytree(Path(__file__).parents[1] / "museum" / "station-v1", folder / "data")
    (folder / "data" / "station.key").rename(folder / "key")
    (folder / "key").chmod(0o600)
    old = object.__new__(PC)
    old.folder, old.server, old.clock, old.staff = folder, server, one.clock, "unknown"
    old.paths, old.wire = StationPaths(folder / "data"), Wire(server)
    key = open_with_key_file(old.paths.keyslots, folder / "key")
    old.station = open_station(old.paths, key, old.clock, id_source(old.clock))
    count = old.ops()
    assert old.waiting() == count > 0
    old.enrol().sync_well()
    one.enrol().sync_well()
    old.sync_well()
    assert server.listed() == old.ops() > count
    same(server, old, one)
    old.close()


def test_progress_counts_what_goes_now(pcs: tuple[PC, PC]) -> None:
    """Not everything that ever went: of three waiting the third is the last, after years of work too."""
    one, _ = pcs
    one.enrol().sync_well()
    one.open_case("c1")
    one.sync_well()
    one.set("c1", phone="19900000001")
    one.set("c1", phone="19900000002")
    told: list[tuple[int, int]] = []
    one.sync(progress=lambda p: told.append((p.done, p.of)) if p.step == "push" else None)
    assert told[-1] == (2, 2) and max(of for _, of in told) == 2
