"""Both sides die at every commit of an exchange, one after another; a bug that only a death shows is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sync.deaths_played import SCENES

pytestmark = pytest.mark.timeout(900)
ROOT = Path(__file__).resolve().parents[2]


def played(*args: str) -> tuple[int, str]:
    """In a process of its own: it takes over the randomness of the one it runs in."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.deaths_played", *args], cwd=ROOT, capture_output=True, text=True,
        timeout=800,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("scene", list(SCENES))
def test_nothing_is_lost_whichever_commit_is_the_last(scene: str) -> None:
    code, said = played(scene)
    assert code == 0, said
    assert int(said.split()[-4]) > 8, said


def test_a_cursor_that_stands_before_its_page_does_is_found() -> None:
    code, said = played("a colleague's pages", "bug")
    assert code == 1 and "S5" in said, said
