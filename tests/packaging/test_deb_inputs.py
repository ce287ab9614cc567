"""Which wheels go into the Debian package: those the program needs on Linux, for an old C library."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.product import BuildFailed
from deb import inputs

ROOT = Path(__file__).resolve().parents[2]
LOCK = """\
alpha==1.0 \\
    --hash=sha256:aa
    # via jobdesk (pyproject.toml)
beta==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:bb
    # via alpha
delta==4.0 ; python_full_version < '3.12' \\
    --hash=sha256:dd
    # via
    #   alpha
    #   pytest
gamma==3.0 \\
    --hash=sha256:cc
    # via pytest
pytest==9.0 \\
    --hash=sha256:ee
    # via jobdesk (pyproject.toml)
"""
PROJECT = '[project]\ndependencies = ["alpha>=1"]\n'


def names(python: str = "3.11") -> list[str]:
    return [entry.name for entry in inputs.runtime(LOCK, PROJECT, python)]


def test_only_what_the_program_needs_on_linux() -> None:
    assert names() == ["alpha", "delta"]


def test_markers_follow_the_python_the_package_is_for() -> None:
    assert names("3.13") == ["alpha"]


def test_a_need_that_is_not_locked_is_refused() -> None:
    with pytest.raises(ValueError, match="omega"):
        inputs.runtime(LOCK, '[project]\ndependencies = ["omega"]\n')


def test_the_real_lock_gives_no_tool_of_the_tests() -> None:
    lock, project = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "pyproject.toml"))
    found = {entry.name for entry in inputs.runtime(lock, project)}
    assert {"pyside6-essentials", "sqlcipher3", "secretstorage"} <= found
    assert not found & {"pytest", "ruff", "pywin32-ctypes", "hypothesis"}


def test_the_lock_for_windows_is_as_whole_and_as_new_as_the_project() -> None:
    """Whoever adds a dependency runs make lock and make msi-lock; the .deb takes requirements.lock itself."""
    lock, project, windows = (
        (ROOT / name).read_text("utf-8")
        for name in ("requirements.lock", "pyproject.toml", "packaging/windows/requirements.lock")
    )
    wanted = {entry.name for entry in inputs.runtime(lock, project, system=inputs.WINDOWS)}
    assert wanted == {line.split("==")[0] for line in windows.splitlines() if "==" in line}, (
        "run make msi-lock"
    )


def test_a_lock_older_than_the_project_stops_the_build_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "requirements.lock").write_text(LOCK, "utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["omega"]\n', "utf-8")
    monkeypatch.setattr(inputs, "ROOT", tmp_path)
    with pytest.raises(BuildFailed, match=r"omega: run make lock, then make msi-lock"):
        inputs.fetch_wheels(tmp_path, "3.11")


def test_no_wheel_tag_above_the_promised_c_library() -> None:
    tags = inputs.platforms()
    assert tags[0] == "manylinux_2_28_x86_64"
    assert not {"manylinux_2_29_x86_64", "manylinux_2_34_x86_64"} & set(tags)
