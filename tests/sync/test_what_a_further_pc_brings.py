"""What was typed about the station on a PC that is not its first one: nothing of it is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.services.settings import set_station_setting, station_settings
from jobdesk.services.station_facts import change_station, load_station_facts
from jobdesk.services.syncing import sync_now
from jobdesk.store import sync_facts
from tests.sync.ground import PC, Server, same

LONG, SHORT = "南岭街道平阳社区就业服务站", "南岭街道"


@pytest.fixture
def named(pcs: tuple[PC, PC]) -> Iterator[tuple[PC, PC]]:
    """The first PC, with a short name and nothing else; the second with a longer one, 监督电话 and village."""
    one, two = pcs
    for pc, name, village, phone in ((one, SHORT, "", ""), (two, LONG, "平阳社区", "0431-00000000")):
        loaded = load_station_facts(pc.desk).result().loaded
        change_station(pc.desk, loaded, name, None, village, phone).result()
    yield pcs


def test_blanks_are_filled_and_another_name_is_a_question(server: Server, named: tuple[PC, PC]) -> None:
    one, two = named
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.sync_well()
    for pc in named:
        root = pc.state(pc.desk.station).root
        assert (root.text("village"), root.text("supervision_phone")) == ("平阳社区", "0431-00000000")
        assert root.conflicts == ("name",)
        assert sorted(str(h.value) for h in root.fields["name"].heads) == [SHORT, LONG]
        assert sync_now(pc.desk).result().counts.conflicts == 1
        said = {(c.field, c.after) for c in load_station_facts(pc.desk).result().changes}
        assert {("name", LONG), ("name", SHORT), ("supervision_phone", "0431-00000000")} <= said
    same(server, one, two)


def test_the_name_typed_here_is_shown_while_the_stations_files_still_come(named: tuple[PC, PC]) -> None:
    one, two = named
    one.enrol().sync_well()
    two.enrol()
    assert two.state(two.desk.station).root.text("name") == LONG


def test_equal_names_are_no_question(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    assert not two.state(two.desk.station).root.conflicts
    assert not sync_now(two.desk).result().counts.conflicts


def test_settings_the_station_lacks_come_along_and_another_value_is_a_question(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    one, two = pcs
    set_station_setting(one.desk, "figure.a", 3).result()
    set_station_setting(one.desk, "figure.same", 1).result()
    for key, value in (("figure.a", 5), ("figure.b", 7), ("figure.same", 1)):
        set_station_setting(two.desk, key, value).result()
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.sync_well()
    for pc in pcs:
        state = pc.state(pc.desk.station)
        held = {r.text("key"): r for r in state.of("setting")}
        assert len(state.of("setting")) == 3 and held["figure.b"].get("value") == 7
        assert sorted(str(h.value) for h in held["figure.a"].fields["value"].heads) == ["3", "5"]
        assert not held["figure.same"].conflicts
        assert pc.station.file.read(lambda con, d=pc.desk: station_settings(con, d)).result()["figure.b"] == 7
    same(server, one, two)


def test_settings_wait_until_all_of_the_station_is_here(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    set_station_setting(one.desk, "figure.a", 3).result()
    for number in range(30):
        one.open_case(f"c{number}")
    set_station_setting(two.desk, "figure.a", 5).result()
    one.enrol().sync_well()
    two.enrol()
    asked = two.wire.count
    two.wire.fault = lambda n: "lost" if n > asked + 3 else ""
    assert two.sync(page_bytes=600).error == "no_line"
    assert two.station.file.read(lambda con: sync_facts.get(con, "settings_owed")).result()
    assert not two.waiting()
    two.wire.fault = lambda _n: ""
    two.sync_well()
    (held,) = two.state(two.desk.station).of("setting")
    assert sorted(str(h.value) for h in held.fields["value"].heads) == ["3", "5"]


def test_who_comes_from_another_station_brings_none_of_its_name(
    named: tuple[PC, PC], server: Server, tmp_path: Path, clock: FixedClock
) -> None:
    one, two = named
    one.enrol().sync_well()
    set_station_setting(two.desk, "figure.b", 7).result()
    two.enrol("b").sync_well()
    two.station.file.write(lambda w: sync_facts.put(w.con, "last_error", "sync_revoked")).result()
    two.enrol("a").sync_well()
    one.sync_well()
    root = one.state(one.desk.station).root
    assert root.text("name") == SHORT and not root.conflicts
    assert not one.state(one.desk.station).of("setting")
