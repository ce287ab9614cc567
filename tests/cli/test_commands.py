"""The command line as an administrator uses it: answers, exit codes, masking, refusals."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobdesk.app import run
from jobdesk.host import assets
from jobdesk.store.holder import hold, this_process

SAMPLE = str(assets.path("samples/就业困难人员管理台帐.xlsx"))
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def base(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "d"), "--key-file", str(tmp_path / "key"), "--json"]


@pytest.fixture
def jobdesk(base: list[str], capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str, code: int = 0) -> dict[str, Any]:
        assert run([*base, *arguments]) == code
        out = capsys.readouterr().out
        return json.loads(out) if out else {}

    call("init", "--station", "220102001", "--staff", "于晓梅")
    return call


def test_init_makes_a_key_file_only_the_owner_reads(jobdesk: Run, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert {p.parent.name for p in tmp_path.rglob("*.jdj")} <= {"journal"}


def test_init_prints_the_recovery_code_once_and_refuses_a_second_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--data", str(tmp_path / "d"), "--key-file", str(tmp_path / "key")]
    assert run([*base, "--json", "init", "--station", "220102001", "--staff", "于晓梅"]) == 0
    code = json.loads(capsys.readouterr().out)["recovery_code"]
    assert len(code.split("-")) == 8
    assert run([*base, "init", "--station", "220102001", "--staff", "于晓梅"]) == 3
    assert code not in capsys.readouterr().err


def test_import_undo_and_import_again(jobdesk: Run) -> None:
    looked = jobdesk("import", SAMPLE)
    assert looked["import_id"] is None
    counts = looked["counts"]
    assert counts["rows"] == counts["new"] + counts["changed"] + counts["unchanged"] + counts["held"] == 44
    assert jobdesk("list")["cases"] == []
    first = jobdesk("import", SAMPLE, "--apply")
    assert len(jobdesk("list")["cases"]) == counts["new"]
    taken = jobdesk("import-undo", first["import_id"])
    assert taken["kept"] == []
    assert jobdesk("list")["cases"] == []
    jobdesk("import", SAMPLE, "--apply")
    before = jobdesk("list")["cases"]
    third = jobdesk("import", SAMPLE, "--apply")
    assert (third["import_id"], third["counts"]["new"], third["counts"]["changed"]) == (None, 0, 0)
    assert jobdesk("list")["cases"] == before
    assert jobdesk("check")["ok"]


def test_lists_are_masked_and_asking_for_more_is_logged(
    jobdesk: Run, base: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    jobdesk("import", SAMPLE, "--apply")
    masked = jobdesk("list")["cases"]
    assert all("*" in c["id_number"] for c in masked if c["id_number"])
    assert all("birth" not in c for c in masked)
    jobdesk("list", "--unmasked", code=3)
    whole = jobdesk("list", "--unmasked", "--reason", "县级核对")["cases"]
    assert all(len(c["id_number"]) == 18 for c in whole if c["id_number"])


def test_sheets_are_written_and_say_what_they_are(jobdesk: Run, tmp_path: Path) -> None:
    jobdesk("import", SAMPLE, "--apply")
    out = tmp_path / "月报.pdf"
    made = jobdesk("sheets", "--month", made_month(jobdesk), "--out", str(out))
    assert made["masked"]
    assert made["checks_ok"]
    assert made["people"] == len(jobdesk("list")["cases"])
    assert out.read_bytes().startswith(b"%PDF-")
    jobdesk("sheets", "--month", "2026-13", "--out", str(out), code=2)


def made_month(jobdesk: Run) -> str:
    return str(jobdesk("today")["date"])[:7]


def test_reading_works_beside_an_open_window_and_writing_is_refused(jobdesk: Run, tmp_path: Path) -> None:
    with hold(tmp_path / "d" / "station.lock", this_process(0, "window")):
        assert jobdesk("list")["cases"] == []
        assert jobdesk("check")["ok"]
        jobdesk("backup", code=3)


def test_backup_and_restore_bring_back_what_came_after(jobdesk: Run) -> None:
    saved = jobdesk("backup")
    jobdesk("import", SAMPLE, "--apply")
    people = len(jobdesk("list")["cases"])
    back = jobdesk("restore", saved["file"])
    assert Path(back["replaced"]).exists()
    assert len(jobdesk("list")["cases"]) == people
    assert jobdesk("check")["ok"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("import", "/nowhere.xlsx"), 2),
        (("restore", "/nowhere.jdbk"), 2),
        (("import-undo", "nobody"), 2),
        (("sheets", "--month", "2999-01", "--out", "/tmp/never.pdf"), 2),
    ],
)
def test_bad_input_is_told_in_a_sentence(
    jobdesk: Run, base: list[str], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    assert run([*base, *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_a_key_file_that_others_may_read_is_refused(jobdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "key").chmod(0o644)
    jobdesk("list", code=3)


def test_a_missing_key_file_is_refused_and_not_made(jobdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "key").unlink()
    jobdesk("list", code=3)
    assert not (tmp_path / "key").exists()


def test_check_fails_aloud_when_a_row_is_not_what_its_operations_say(jobdesk: Run, tmp_path: Path) -> None:
    from jobdesk.store.cipher import connect
    from jobdesk.store.keyslots import open_with_key_file

    jobdesk("import", SAMPLE, "--apply")
    key = open_with_key_file(tmp_path / "d" / "keyslots.json", tmp_path / "key").key
    con = connect(tmp_path / "d" / "station.jobdesk.db", key)
    con.execute("UPDATE case_row SET phone = '19900000000' WHERE rowid = 1")
    con.close()
    told = jobdesk("check", code=4)
    assert [c["name"] for c in told["checks"] if not c["ok"]] == ["rows"]


def test_check_names_rows_that_cannot_even_be_read(jobdesk: Run, tmp_path: Path) -> None:
    from jobdesk.store.cipher import connect
    from jobdesk.store.keyslots import open_with_key_file

    key = open_with_key_file(tmp_path / "d" / "keyslots.json", tmp_path / "key").key
    con = connect(tmp_path / "d" / "station.jobdesk.db", key)
    con.execute("UPDATE record_row SET data = '{'")
    con.close()
    told = jobdesk("check", code=4)
    assert [c["name"] for c in told["checks"] if not c["ok"]] == ["rows", "dates"]


def test_the_second_folder_named_once_is_kept(base: list[str], tmp_path: Path) -> None:
    second = tmp_path / "stick"
    second.mkdir()
    assert run([*base, "init", "--station", "220102001", "--staff", "于晓梅", "--second", str(second)]) == 0
    assert run([*base, "backup"]) == 0
    assert list((second / "backups").glob("*.jdbk")) and not list((tmp_path / "d").glob("backups/*.jdbk"))
    assert run([*base, "check"]) == 0


def test_a_bare_pc_gets_its_key_file_with_the_recovery_code(
    base: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second, code = tmp_path / "stick", tmp_path / "code"
    second.mkdir()
    assert run([*base, "init", "--station", "220102001", "--staff", "于晓梅", "--second", str(second)]) == 0
    code.write_text(json.loads(capsys.readouterr().out)["recovery_code"], "utf-8")
    assert run([*base, "backup"]) == 0
    saved = json.loads(capsys.readouterr().out)["file"]
    assert run([*base, "import", SAMPLE, "--apply"]) == 0
    capsys.readouterr()
    bare = ["--data", str(tmp_path / "new"), "--key-file", str(tmp_path / "new-key"), "--json"]
    wanted = ["restore", saved, "--code-file", str(code), "--journal"]
    assert run([*bare, *wanted, str(tmp_path)]) == 2, "a folder without a journal is told, not passed over"
    assert not (tmp_path / "new" / "station.jobdesk.db").exists()
    capsys.readouterr()
    assert run([*bare, *wanted, str(second)]) == 0
    assert json.loads(capsys.readouterr().out)["from_journal"] > 0
    assert stat.S_IMODE((tmp_path / "new-key").stat().st_mode) == 0o600
    assert run([*bare, "check"]) == 0


def test_it_has_set_the_station_and_the_second_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.json"
    values = {"StationCode": "220102001", "SecondFolder": str(tmp_path / "share" / "%COMPUTERNAME%")}
    policy.write_text(json.dumps(values))
    monkeypatch.setattr("jobdesk.host.policy_settings.POLICY_FILE", policy)
    monkeypatch.setenv("COMPUTERNAME", "PC7")
    (tmp_path / "share").mkdir()
    base = ["--data", str(tmp_path / "d"), "--key-file", str(tmp_path / "key")]
    assert run([*base, "init", "--station", "220102002", "--staff", "于晓梅"]) == 3
    assert "220102001" in capsys.readouterr().err
    assert run([*base, "init", "--staff", "于晓梅"]) == 0
    assert list((tmp_path / "share" / "PC7" / "journal").iterdir())
    assert not (tmp_path / "d" / "jobdesk.toml").exists(), "IT's value is not copied into the settings"
    capsys.readouterr()
    assert run([*base, "--show-config"]) == 0
    assert f"second = {tmp_path / 'share' / 'PC7'}  (policy)" in capsys.readouterr().out
    policy.write_text(json.dumps({"SecondFolder": str(tmp_path / "d" / "inside")}))
    assert run([*base, "backup"]) == 0
    assert (tmp_path / "d" / "backups").is_dir() and not (tmp_path / "d" / "inside").exists()
    policy.unlink()
    assert (
        run(["--data", str(tmp_path / "e"), "--key-file", str(tmp_path / "k"), "init", "--staff", "x"]) == 2
    )
