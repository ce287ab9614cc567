"""``--practice`` acts on the practice station: its file, its key and its own settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobdesk.app import run
from jobdesk.host.paths import StationPaths
from jobdesk.host.settings_file import read_settings
from jobdesk.host.system_clock import SystemClock
from jobdesk.services.practice import making


def out(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_publisher_is_trusted_in_the_practice_station_only(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "d"
    base = ["--data", str(data), "--json"]
    before, after = (["--practice"], []) if where == "before" else ([], ["--practice"])

    def pack(*words: str, practice: bool) -> int:
        return run([*base, *(before if practice else []), "pack", *words, *(after if practice else [])])

    assert pack("keygen", "--out", str(tmp_path / "k.pem"), "--name", "练习发布者", practice=False) == 0
    made = out(capsys)
    assert pack("trust", made["publisher"], practice=True) == 0
    capsys.readouterr()
    assert not (data / "jobdesk.toml").exists()
    assert "练习发布者" in read_settings(data / "practice" / "jobdesk.toml")["publishers"]
    assert pack("publishers", practice=False) == 0
    assert out(capsys)["publishers"] == []
    assert pack("publishers", practice=True) == 0
    assert [k["name"] for k in out(capsys)["publishers"]] == ["练习发布者"]
    assert pack("distrust", made["key_id"], practice=False) == 3
    capsys.readouterr()
    assert pack("distrust", made["key_id"], practice=True) == 0


def test_commands_work_in_the_practice_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "d"
    monkeypatch.setenv("JOBDESK_SECOND", str(tmp_path / "second"))
    assert run(["--data", str(data), "--json", "list", "--practice"]) == 3
    said = capsys.readouterr().err
    assert str(data / "practice") in said and "先用 practice 建立" in said
    (data / "practice").mkdir(parents=True, exist_ok=True)
    making.open_practice(StationPaths(data), SystemClock()).close()
    assert run(["--data", str(data), "--json", "list", "--practice"]) == 0
    assert out(capsys)["cases"]
    assert run(["--data", str(data), "--json", "rules", "list", "--practice"]) == 0
    assert out(capsys)["shipped"]
    assert not (tmp_path / "second").exists(), "nothing of it goes into the second folder of the station"


@pytest.mark.parametrize("words", [["sync"], ["enrol", "x"], ["init", "--staff", "甲"], ["carry-in", "x"]])
def test_what_makes_or_exchanges_a_station_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--data", str(tmp_path / "d"), *words, "--practice"]) == 3
    assert words[0] in capsys.readouterr().err
    assert not (tmp_path / "d" / "practice").exists()
