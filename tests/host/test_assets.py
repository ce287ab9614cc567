"""Assets are found in a source tree and in an installed one, and nowhere else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.host import assets


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setattr(assets, "__file__", str(tmp_path / "lib" / "jobdesk" / "host" / "assets.py"))
    assets.root.cache_clear()
    yield tmp_path / "lib"
    assets.root.cache_clear()


def _install(resources: Path) -> None:
    (resources / "strings").mkdir(parents=True)
    (resources / "strings" / "zh_CN.toml").write_text("", encoding="utf-8")


@pytest.mark.parametrize("where", ["jobdesk/resources", "resources", "../resources"])
def test_found_inside_and_beside_the_package(elsewhere: Path, where: str) -> None:
    (elsewhere / "jobdesk").mkdir(parents=True)
    _install(elsewhere / where)
    assert assets.root().samefile(elsewhere / where)


def test_nothing_installed_is_said(elsewhere: Path) -> None:
    with pytest.raises(assets.MissingAsset):
        assets.path("strings/zh_CN.toml")


@pytest.mark.parametrize("relative", ["../pyproject.toml", "/etc/hostname", "strings/none.toml"])
def test_never_leaves_the_folder(relative: str) -> None:
    with pytest.raises(assets.MissingAsset):
        assets.path(relative)


def test_every_toml_parses() -> None:
    for file in assets.root().rglob("*.toml"):
        tomllib.loads(file.read_text(encoding="utf-8"))


def test_csv_notes_are_skipped(elsewhere: Path) -> None:
    _install(elsewhere / "resources")
    target = elsewhere / "resources" / "a.csv"
    target.write_text("# where it is from\ncode,name\n1,甲\n", encoding="utf-8")
    assert assets.csv_rows("a.csv") == [{"code": "1", "name": "甲"}]
