"""Where the station file may lie, and what an upgrade does when its backup cannot be made."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import DiskFull, Refused
from jobdesk.cases.ids import id_source, seeded_ids
from jobdesk.host import paths as host_paths
from jobdesk.host.paths import StationPaths, is_roaming_path, refuse_unfit_folder
from jobdesk.store import local, migrating
from jobdesk.store.backup import verify
from jobdesk.store.cipher import connect
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.manifest import list_backups
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up
from tests.stations import make_station

CLOCK = FixedClock.at(2026, 11, 20)


@pytest.mark.parametrize(
    ("path", "roaming"),
    [
        (r"C:\Users\张三\AppData\Roaming\Jobdesk", True),
        (r"c:\users\x\APPDATA\roaming", True),
        (r"\\server\profiles$\x\Jobdesk", True),  # APPDATA redirected to a share
        (r"D:\Redirected\Application Data\Jobdesk", False),
        (r"C:\Users\张三\AppData\Local\Jobdesk", False),
        (r"C:\ProgramData\Jobdesk", False),
        (r"C:\Roaming\AppData", False),
    ],
)
def test_roaming_profiles(path: str, roaming: bool) -> None:
    environment = {"APPDATA": r"\\Server\Profiles$\x"}
    assert is_roaming_path(PureWindowsPath(path), environment) is roaming


def test_no_roaming_without_windows() -> None:
    assert not is_roaming_path(PurePosixPath("/home/x/.local/share/jobdesk"), {})


def test_a_profile_that_roams_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path / "profile"))
    refuse_unfit_folder(tmp_path / "data")
    with pytest.raises(Refused) as refused:
        refuse_unfit_folder(tmp_path / "profile" / "Jobdesk")
    assert refused.value.code == "roaming_profile" and refused.value.params["instead"]


def test_no_door_leads_to_a_station_on_a_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made elsewhere and moved there, made there, or restored there: each is refused, nothing is written."""
    made = make_station(tmp_path, CLOCK)
    backup = back_up(made.station, "manual").result()
    made.station.close()
    share = StationPaths(tmp_path / "share")
    whole = host_paths.is_network_path
    monkeypatch.setattr(host_paths, "is_network_path", lambda p, m=None: "share" in str(p) or whole(p, m))
    made.paths.data.rename(share.data)
    before = sorted(share.data.rglob("*"))
    ids = id_source(CLOCK)
    with pytest.raises(Refused, match="network_share"):
        open_station(share, made.station.key, CLOCK, ids)
    with pytest.raises(Refused, match="network_share"):
        open_station(share, made.station.key, CLOCK, ids, writable=False)
    other = StationPaths(tmp_path / "share2")
    with pytest.raises(Refused, match="network_share"):
        create_station(other, NewStation({"name": "x"}, "y"), CLOCK, ids, key_file=tmp_path / "k")
    with pytest.raises(Refused, match="network_share"):
        restore_station(other, backup, made.station.key, CLOCK)
    assert sorted(share.data.rglob("*")) == before and not other.data.exists()


def test_without_a_good_backup_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_station(tmp_path, CLOCK, ids=seeded_ids(1, CLOCK), second=True)
    made.station.file.work.write(lambda con: local.set_fact(con, migrating.ROWS_FACT, "0")).result()
    made.station.close()

    def full(*_given: object, **_named: object) -> None:
        raise DiskFull("disk_full", path="x")

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "make_backup", full)
        with pytest.raises(DiskFull):
            open_station(made.paths, made.station.key, CLOCK, id_source(CLOCK))
    con = connect(made.paths.station, made.station.key, read_only=True)
    assert local.facts(con)[migrating.ROWS_FACT] == "0", "the old program goes on with the file"
    con.close()
    station = open_station(made.paths, made.station.key, CLOCK, id_source(CLOCK))
    try:
        assert station.file.facts[migrating.ROWS_FACT] == migrating.ROWS
    finally:
        station.close()
    (found,) = (b for b in list_backups(made.paths.backups) if b.reason == "before-migration")
    verify(found, made.station.key)
