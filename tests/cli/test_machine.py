"""Selftest, support bundle, updates and opened files by the command line, as IT runs them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jobdesk.app import run
from jobdesk.host.signed_pack import load_private_key, packed
from jobdesk.host.update_manifest import PACK_NAME, SUFFIX_OF, this_platform

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def base(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "d")]


@pytest.fixture
def key(base: list[str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publisher whom IT trusts."""
    assert run([*base, "--json", "pack", "keygen", "--out", str(tmp_path / "key.pem"), "--name", "省级"]) == 0
    line = json.loads(capsys.readouterr().out)["publisher"]
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"Publishers": {"省级": line.partition("=")[2]}, "Server": "ftp://x"}))
    monkeypatch.setattr("jobdesk.host.policy_settings.POLICY_FILE", policy)
    return tmp_path / "key.pem"


def said(capsys: Capture) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_selftest(base: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run([*base, "selftest"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 14 and lines[2].startswith("✓ 加密　文件已加密（SQLCipher 4.")
    monkeypatch.setattr("jobdesk.host.selfchecks.LEAST_BYTES", 1 << 60)
    assert run([*base, "selftest", "--json"]) == 4
    told = said(capsys)
    assert told["ok"] is False and [x["name"] for x in told["lines"] if x["state"] == "bad"] == ["disk"]


def test_support_bundle(base: list[str], tmp_path: Path, capsys: Capture) -> None:
    assert run([*base, "support-bundle", "--out", str(tmp_path)]) == 0
    (file,) = tmp_path.glob("jobdesk-support-*.zip")
    assert file.stat().st_mode & 0o777 == 0o600 and str(file) in capsys.readouterr().out
    assert "versions.json" in zipfile.ZipFile(file).namelist()
    assert run([*base, "support-bundle", "--out", str(tmp_path / "no" / "x.zip")]) == 4


def test_updates_from_the_publisher_to_the_command(
    base: list[str], key: Path, tmp_path: Path, capsys: Capture
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    package = stick / f"jobdesk-9.0.0-x64{SUFFIX_OF[this_platform()]}"
    package.write_bytes(b"package" * 1000)
    make = [
        "updates",
        "make",
        "--number",
        "1",
        "--release",
        "9.0.0",
        "--expires-on",
        "2999-01-01",
        "--key",
        str(key),
    ]
    assert run([*base, *make, "--percent", "0", str(package)]) == 0
    capsys.readouterr()
    assert run([*base, "--json", "updates", "check", str(stick)]) == 0
    assert said(capsys)["standing"] == "later"
    assert run([*base, "updates", "stage", str(stick), "--to", str(tmp_path / "t")]) == 3
    assert (
        run([*base, "--json", "updates", "stage", str(stick), "--to", str(tmp_path / "t"), "--regardless"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert Path(told["file"]).read_bytes() == package.read_bytes() and told["file"] in told["command"]
    assert run([*base, "updates", "check"]) == 3, "no word of IT"
    assert run([*base, "updates", "check", str(tmp_path)]) == 2
    assert run([*base, *make, "--percent", "150", str(package)]) == 2
    assert run([*base, *make, str(key)]) == 2
    capsys.readouterr()


def test_a_file_opened_without_a_screen(
    base: list[str], key: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobdesk.app.has_screen", lambda: False)
    private = load_private_key(key)
    from datetime import date

    for kind, words in (
        ("rules", "“规则包”"), ("update", "由单位的管理员安装"),
        ("letter", "此版本不认识这种文件"),
    ):  # fmt: skip
        file = tmp_path / f"{kind} 甲.JOBDESK"
        file.write_bytes(packed(kind, "某县", 1, date(2026, 11, 1), {"a": b"x"}, private))
        assert run([*base, str(file)]) == 0
        out = capsys.readouterr().out
        assert words in out and "某县" in out and "省级" in out
        assert run([*base, "open", str(file)]) == 0
        assert capsys.readouterr().out == out
        assert run([*base, "open", str(file), "--json"]) == 0
        assert said(capsys)["kind"] == kind
    whole = file.read_bytes()
    file.write_bytes(whole[:-30])
    assert run([*base, str(file)]) == 2
    assert "没有复制完整" in capsys.readouterr().out
    assert run([*base, str(tmp_path / "absent.jobdesk")]) == 2
    assert "找不到" in capsys.readouterr().out
    assert not (tmp_path / "d" / "practice").exists(), "a file is looked at, no practice station is made"


def test_show_config_tells_what_it_has_set(base: list[str], key: Path, capsys: Capture) -> None:
    assert run([*base, "--show-config"]) == 0
    out = capsys.readouterr()
    assert "Server" in out.err and "没有采用" in out.err


def test_the_manifest_lies_beside_its_packages(base: list[str], key: Path, tmp_path: Path) -> None:
    package = tmp_path / f"x{SUFFIX_OF[this_platform()]}"
    package.write_bytes(b"1")
    make = [
        "updates",
        "make",
        "--number",
        "1",
        "--release",
        "9.0",
        "--expires-on",
        "2999-01-01",
        "--key",
        str(key),
    ]
    assert run([*base, *make, str(package)]) == 0
    assert (tmp_path / PACK_NAME).is_file()
