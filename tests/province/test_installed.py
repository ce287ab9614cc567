"""What a server is installed from (``pip install .``): the wheel alone, without the folder of the sources."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from province import withholding
from tools.live_province import ROOT

_ASK = """
import json, province.withholding as w
r = w.RESTRICTING
print(json.dumps([w.__file__, {k: sorted(v) for k, v in r.codes.items()}, list(r.words)]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as pip does it."""
    folder = tmp_path_factory.mktemp("wheel")
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with ZipFile(made) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def ask(site: Path) -> subprocess.CompletedProcess[str]:
    """What is restricted there, asked far from the sources."""
    return subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=site.parent,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )


def test_an_installed_server_knows_what_is_restricted(installed: Path) -> None:
    done = ask(installed)
    assert done.returncode == 0, done.stderr[-2000:]
    where, codes, words = json.loads(done.stdout)
    assert Path(where).is_relative_to(installed)
    mine = withholding.RESTRICTING
    assert codes == {name: sorted(some) for name, some in mine.codes.items()} and words == list(mine.words)


def test_one_that_lost_it_does_not_start(installed: Path) -> None:
    """Rather nobody is answered than a county told who was in prison."""
    (installed / "province/resources/restricted.toml").rename(installed / "elsewhere")
    try:
        done = ask(installed)
        assert done.returncode and "FileNotFoundError" in done.stderr
    finally:
        (installed / "elsewhere").rename(installed / "province/resources/restricted.toml")


def test_its_migrations_come_with_it(installed: Path) -> None:
    sources = {f.name for f in (ROOT / "province/db/migrations/versions").glob("*.py")}
    assert sources and sources == {
        f.name for f in (installed / "province/db/migrations/versions").glob("*.py")
    }
    assert (installed / "province/db/migrations/script.py.mako").is_file()
