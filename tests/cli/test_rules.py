"""``jobdesk rules``: check, show, take in, roll back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobdesk.app import run
from jobdesk.host import policy_files
from tests.services.packs_made import COUNTY, age_pack, signed


def out(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def base(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "d"), "--json", "rules"]


def test_what_is_shipped_has_no_fault(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*base, "check"]) == 0
    found = out(capsys)
    assert found["faults"] == [] and len(found["files"]) == len(policy_files.shipped_files())


def test_a_fault_is_named_by_file_line_and_entry(
    base: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.toml"
    file.write_text(age_pack().replace("value = 18", 'value = "18"'), encoding="utf-8")
    assert run([*base, "check", str(file)]) == 2
    (fault,) = out(capsys)["faults"]
    assert (fault["file"], fault["line"], fault["entry"]) == ("county.toml", 13, "registration.youngest")
    assert run([a for a in base if a != "--json"] + ["check", str(file)]) == 2
    assert "county.toml 第 13 行（registration.youngest）" in capsys.readouterr().out
    file.write_text(age_pack(), encoding="utf-8")
    assert run([*base, "check", str(file)]) == 0


def test_show_answers_for_the_day_that_is_asked(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*base, "show", "registration.may_register", "--on", "2016-06-01"]) == 0
    early = out(capsys)["entry"]
    assert early["document"] == "2015年实施意见" and "（二十四）" in early["clause"]
    assert run([*base, "show", "registration.may_register", "--on", "2001-01-01"]) == 0
    assert out(capsys)["entry"] is None
    assert run([*base, "show"]) == 0
    assert "registration.may_register" in out(capsys)["keys"]
    assert run([*base, "show", "households.deadline"]) == 0
    assert out(capsys)["entry"]["data"]["choice"] == "quarter_end"
    assert run([*base, "show", "no.such"]) == 2
    assert run([*base, "show", "registration.may_register", "--on", "1.6.2022"]) == 2


def test_take_list_and_roll_back(
    base: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    common = ["--data", str(tmp_path / "d"), "--key-file", str(key)]
    init = [*common, "init", "--station", "220102001", "--staff", "李华"]
    assert run(init) == 0
    capsys.readouterr()
    folder = tmp_path / "stick"
    folder.mkdir()
    path = signed(folder, age_pack(18))
    rules = [*common, "--json", "rules"]
    assert run([*rules, "take", str(path)]) == 2  # nobody here trusts the publisher
    capsys.readouterr()
    assert run([*common, "pack", "trust", COUNTY.text]) == 0
    capsys.readouterr()
    assert run([*rules, "take", str(path), "--effects"]) == 0
    seen = out(capsys)
    assert not seen["taken"] and seen["effects"]["entries"] == ["registration.youngest"]
    assert run([*rules, "take", str(path)]) == 0
    assert out(capsys)["taken"]
    assert run([*rules, "take", str(path)]) == 3
    capsys.readouterr()
    assert run([*rules, "show", "registration.youngest", "--on", "2026-06-01"]) == 0
    assert out(capsys)["entry"]["value"] == 18
    assert run([*rules, "list"]) == 0
    assert [p["name"] for p in out(capsys)["in_use"]] == ["某县规则"]
    faulty = signed(folder, age_pack(18).replace("unit =", "units ="), 2)
    assert run([*rules, "take", str(faulty)]) == 3
    assert out(capsys)["faults"][0]["line"] == 14
    assert run([*rules, "rollback", "某县规则", "--reason", "有误"]) == 0
    capsys.readouterr()
    assert run([*rules, "show", "registration.youngest", "--on", "2026-06-01"]) == 0
    assert out(capsys)["entry"]["value"] == 16
    assert run([*rules, "rollback", "某县规则", "--reason", "有误"]) == 3
