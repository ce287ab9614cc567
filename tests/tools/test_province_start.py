"""What ``make province`` leaves for a shell beside it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import province


def test_a_shell_reads_the_environment_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(province, "ENVIRONMENT", tmp_path / "environment")
    said = {
        "JOBDESK_PROVINCE_DATABASE": "postgresql+psycopg://a@127.0.0.1:5/p",
        "JOBDESK_PROVINCE_NAME": "示例 'a' $b",
    }
    province.note_environment(said | {"HOME": "/root"})
    file = tmp_path / "environment"
    assert file.stat().st_mode & 0o777 == 0o600 and "HOME" not in file.read_text("utf-8")
    asked = 'set -a; . "$0"; python3 -c "import os; print(os.environ[\'JOBDESK_PROVINCE_NAME\'])"'
    done = subprocess.run(["sh", "-c", asked, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said["JOBDESK_PROVINCE_NAME"]
