"""One station for several accounts of a PC: what one of them makes, the others of the group may write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobdesk.host.disk import is_of_a_group

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the rights of the folder pass on")


def jobdesk(data: Path, *arguments: str) -> None:
    """As an account with the usual umask does it; in a process of its own, whose umask it is."""
    command = [
        sys.executable,
        "-m",
        "jobdesk",
        "--data",
        str(data),
        "--key-file",
        str(data.parent / "key"),
        *arguments,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, umask=0o022, env=os.environ)
    assert done.returncode == 0, done.stderr


def modes(folder: Path) -> dict[str, int]:
    return {str(f.relative_to(folder)): f.stat().st_mode & 0o777 for f in folder.rglob("*")}


def test_a_folder_of_a_group(tmp_path: Path) -> None:
    data = tmp_path / "d"
    data.mkdir()
    data.chmod(0o2770)
    jobdesk(data, "init", "--station", "220102001", "--staff", "于晓梅")
    jobdesk(data, "backup")
    found = modes(data)
    assert found["station.jobdesk.db"] == 0o660 and found["keyslots.json"] == 0o660
    assert [n for n, m in found.items() if not m & 0o020 and not n.endswith(".jdbk")] == []
    assert [n for n, m in found.items() if m & 0o007] == [], "nobody else"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_folder_of_one_person(tmp_path: Path) -> None:
    data = tmp_path / "d"
    data.mkdir()
    data.chmod(0o700)
    jobdesk(data, "init", "--station", "220102001", "--staff", "于晓梅")
    assert modes(data)["station.jobdesk.db"] == 0o644
    assert not is_of_a_group(data) and not is_of_a_group(tmp_path / "absent")
