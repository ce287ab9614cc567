"""What ``make province`` leaves for a shell beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import live_province, province
from tools.conformance.operating import Ours
from tools.postgres import Postgres

ROOT = Path(__file__).parents[2]


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


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Database of a server that runs, whose environment this shell has read."""
    file = tmp_path / "theirs.db"
    for name, value in (("OWNER", f"sqlite:///{file}"), ("HOST", "192.0.2.1"), ("PER_MINUTE", "none")):
        monkeypatch.setenv(f"JOBDESK_PROVINCE_{name}", value)
    return file


def test_the_suites_server_is_not_the_one_of_the_shell(theirs: Path, tmp_path: Path) -> None:
    """It ran its migrations on the database of the running one, as that one's owner."""
    folder = tmp_path / "ours"
    folder.mkdir()
    assert Ours(folder).command("code", "220102001001")
    assert not theirs.exists() and (folder / "p.db").exists()


def test_another_servers_settings_are_not_this_ones(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, str] = {}
    monkeypatch.setattr(province, "HERE", tmp_path / "here")
    monkeypatch.setattr(province, "run", lambda env: given.update(env) or 0)
    monkeypatch.setattr(province.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["province"])
    assert province.main() == 0
    settings = {name for name in given if name.startswith("JOBDESK_PROVINCE_")}
    assert settings == {f"JOBDESK_PROVINCE_{n}" for n in ("DATABASE", "CONTENTS", "NAME", "PORT")}
    assert given["PATH"] == os.environ["PATH"] and not theirs.exists()
    assert not any(name.startswith("JOBDESK_PROVINCE_") for name in live_province.own_environment())


def _hears_of_its_terminal() -> None:
    """Also where the tests themselves run under nohup, whose children inherit that they do not."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_terminal_that_is_closed_leaves_nothing_running(tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    with (tmp_path / "said").open("wb") as said:
        made = subprocess.Popen(
            [sys.executable, "-m", "tools.province", "--port", "0"], cwd=tmp_path, stdout=said,
            stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONPATH=str(ROOT)), start_new_session=True,
            preexec_fn=_hears_of_its_terminal,
        )  # fmt: skip
    end = time.monotonic() + 180
    while "Uvicorn running" not in (tmp_path / "said").read_text("utf-8"):
        assert made.poll() is None and time.monotonic() < end, (tmp_path / "said").read_text("utf-8")
        time.sleep(0.2)
    made.send_signal(signal.SIGHUP)  # to it alone: its child is not asked by the terminal
    assert made.wait(60) == 128 + signal.SIGHUP
    with pytest.raises(ProcessLookupError):
        os.killpg(made.pid, 0)  # its session is empty


def test_a_database_that_was_left_running_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(province, "HERE", tmp_path)
    monkeypatch.setattr(Postgres, "runs_as", lambda _: 4711)
    monkeypatch.setattr(sys, "argv", ["province", "--db", "postgres"])
    before = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGHUP)}
    try:
        assert province.main() == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert "kill -INT 4711" in capsys.readouterr().err
