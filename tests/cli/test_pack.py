"""A pack from the publisher's desk to the station, by the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from jobdesk.app import run


@pytest.fixture
def base(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "d"), "--json", "pack"]


def out(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_keygen_sign_trust_show(base: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, made = tmp_path / "key.pem", tmp_path / "规则.jobdesk"
    assert run([*base, "keygen", "--out", str(key), "--name", "某县就业局"]) == 0
    publisher = out(capsys)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    folder = tmp_path / "pack"
    (folder / "sub").mkdir(parents=True)
    (folder / "rules.toml").write_text("a = 1\n")
    (folder / "sub" / "more.toml").write_text("b = 1\n")
    (folder / ".hidden").write_text("x")
    sign = ["sign", "--kind", "rules", "--name", "某县规则", "--version", "2", "--issued-on", "2026-11-21"]
    assert run([*base, *sign, "--key", str(key), "--out", str(made), str(folder)]) == 0
    assert out(capsys)["files"] == ["rules.toml", "sub/more.toml"]
    assert run([*base, "show", str(made)]) == 2  # nobody trusts it yet
    assert out(capsys)["publisher"] is None
    assert run([*base, "trust", publisher["publisher"]]) == 0
    capsys.readouterr()
    assert run([*base, "show", str(made)]) == 0
    shown = out(capsys)
    assert (shown["publisher"], shown["version"], shown["issued_on"]) == ("某县就业局", 2, "2026-11-21")
    assert run([*base, "publishers"]) == 0
    assert out(capsys)["publishers"] == [
        {"key_id": publisher["key_id"], "name": "某县就业局", "by": "settings"}
    ]
    assert run([*base, "distrust", publisher["key_id"]]) == 0
    capsys.readouterr()
    assert run([*base[:-2], "pack", "show", str(made)]) == 2
    said = capsys.readouterr().out
    assert "规则包“某县规则”第 2 版" in said and "签名未能核实" in said


def test_refusals(base: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "key.pem"
    assert run([*base, "keygen", "--out", str(key), "--name", "甲"]) == 0
    assert run([*base, "keygen", "--out", str(key), "--name", "甲"]) == 2
    assert run([*base, "keygen", "--out", str(tmp_path / "k2.pem"), "--name", "  "]) == 2
    assert not (tmp_path / "k2.pem").exists()
    sign = ["sign", "--kind", "rules", "--name", "n", "--key", str(key), "--out", str(tmp_path / "o.jobdesk")]
    assert run([*base, *sign, "--version", "0", str(key)]) == 2
    assert run([*base, *sign, "--version", "1", "--issued-on", "gestern", str(key)]) == 2
    (tmp_path / "empty").mkdir()
    assert run([*base, *sign, "--version", "1", str(tmp_path / "empty")]) == 2
    assert run([*base, *sign, "--version", "1", str(tmp_path / "absent")]) == 4
    assert run([*base, "sign", "--version", "x"]) == 2
    assert run([*base]) == 2
    assert run([*base, "trust", "nonsense"]) == 2
    assert run([*base, "show", str(key)]) == 2
    assert not (tmp_path / "o.jobdesk").exists()
    capsys.readouterr()
