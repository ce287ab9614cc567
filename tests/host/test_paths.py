from pathlib import Path

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.host import paths
from jobdesk.host.paths import (
    StationPaths,
    is_network_path,
    is_same_disk,
    refuse_network_share,
    station_paths,
)

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /srv/local xfs rw 0 0
"""


def test_everything_stays_in_the_data_folder(tmp_path: Path) -> None:
    places = station_paths(tmp_path)
    for place in (places.station, places.keyslots, places.journal, places.backups, places.logs, places.lock):
        assert tmp_path in place.parents
    assert places.station.name == "station.jobdesk.db"
    assert places.second_is_same_disk


def test_second_folder_takes_journal_and_backups(tmp_path: Path) -> None:
    places = StationPaths(tmp_path / "a", tmp_path / "b")
    assert places.journal == tmp_path / "b" / "journal"
    assert places.backups == tmp_path / "b" / "backups"
    assert places.local_backups == tmp_path / "a" / "backups"
    assert places.station.parent == tmp_path / "a"


def test_practice_never_touches_the_second_folder(tmp_path: Path) -> None:
    places = StationPaths(tmp_path / "a", tmp_path / "b").practice()
    assert places.journal == tmp_path / "a" / "practice" / "journal"
    assert places.station != StationPaths(tmp_path / "a").station


def test_relative_data_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert station_paths(Path("d")).data == tmp_path / "d"


def test_same_disk_judges_folders_that_do_not_exist_yet(tmp_path: Path) -> None:
    assert is_same_disk(tmp_path / "x" / "y", tmp_path)


def test_other_disk(tmp_path: Path) -> None:
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system here")
    assert not is_same_disk(tmp_path, shm)


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/home/a", False),
        ("/srv/data", True),
        ("/srv/local/data", False),
        ("/mnt/my share/x", True),
        ("//nas/share", True),
        (r"\\nas\share\x", True),
        ("/srvx", False),
    ],
)
def test_network_paths(path: str, network: bool) -> None:
    assert is_network_path(Path(path), MOUNTS) is network


def test_share_is_refused_and_names_the_path() -> None:
    with pytest.raises(Refused) as refused:
        refuse_network_share(Path("/srv/data"), MOUNTS)
    assert refused.value.code == "network_share"
    refuse_network_share(Path("/home/x"), MOUNTS)


def test_default_folder_is_absolute() -> None:
    assert paths.default_data_folder().is_absolute()
