"""A small number of the kills that CI runs two hundred of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "kills.py"


@pytest.mark.kills
@pytest.mark.timeout(200)
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_nothing_acknowledged_is_lost_when_a_process_is_killed() -> None:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--count", "14", "--seed", "20261120"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 passed, 0 failed" in done.stdout
