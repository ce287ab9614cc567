"""Which wheels go into the Debian package: those the program needs on Linux, for an old C library."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))

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


def test_no_wheel_tag_above_the_promised_c_library() -> None:
    tags = inputs.platforms()
    assert tags[0] == "manylinux_2_28_x86_64"
    assert not {"manylinux_2_29_x86_64", "manylinux_2_34_x86_64"} & set(tags)
