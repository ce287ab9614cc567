"""The command line imports a ledger and takes it back; held rows and problems are a result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jobdesk.cases.id_number import check_digit
from jobdesk.cli.arguments import parse
from jobdesk.cli.main import run


def number(order: int) -> str:
    first = f"22990119750618{order:03d}"
    return first + check_digit(first)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    for name in ("JOBDESK_DATA", "JOBDESK_KEY_FILE", "JOBDESK_SECOND"):
        monkeypatch.delenv(name, raising=False)
    where = ["--data", str(tmp_path / "data"), "--key-file", str(tmp_path / "key")]
    assert run(parse([*where, "init", "--station", "220102001", "--staff", "于晓梅"])) == 0
    capsys.readouterr()
    return where


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("2026年")
    rows = [
        ["就业困难人员台账"],
        ["姓名", "性别", "身份证号", "联系电话"],
        ["赵国强", "男", number(21), "19900000001"],
        ["单秀英", "女", number(22), "19900000002"],
        ["周桂芳", "女", number(48)[:15] + "000", "19900000003"],
        ["合计", "", "", ""],
    ]
    for at, line in enumerate(rows):
        sheet.write_row(at, 0, line)
    book.close()
    return path


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> dict[str, Any]:
    assert run(parse([*argv, "--json"])) == code
    out = capsys.readouterr().out
    return json.loads(out) if out else {}


def test_preview_apply_again_undo_again(
    place: list[str], ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preview = said(capsys, *place, "import", str(ledger))
    assert preview["import_id"] is None
    assert preview["counts"] == {"rows": 3, "new": 2, "changed": 0, "unchanged": 0, "held": 1}
    (held,) = [p for p in preview["problems"] if p["holds"]]
    assert (held["sheet"], held["row"], held["column"], held["code"]) == ("2026年", 5, "C", "id_damaged")
    assert "000" in held["message"]
    assert said(capsys, *place, "list")["cases"] == []

    done = said(capsys, *place, "import", str(ledger), "--apply")
    assert done["import_id"] and done["note"] == "原文件仍含身份证号，请妥善保管"
    assert {c["name"] for c in said(capsys, *place, "list")["cases"]} == {"赵国强", "单秀英"}
    assert "held_rows" in [line["kind"] for line in said(capsys, *place, "today")["lines"]]

    again = said(capsys, *place, "import", str(ledger), "--apply")
    assert again["import_id"] is None
    assert again["counts"] == {"rows": 3, "new": 0, "changed": 0, "unchanged": 2, "held": 1}

    undone = said(capsys, *place, "import-undo", done["import_id"])
    assert undone["counts"] == {"undone": 2, "kept": 0} and undone["kept"] == []
    assert said(capsys, *place, "list")["cases"] == []
    assert said(capsys, *place, "import", str(ledger), "--apply")["counts"]["new"] == 2
    assert said(capsys, *place, "check")["ok"] is True


def test_errors_have_their_codes(place: list[str], tmp_path: Path, ledger: Path) -> None:
    assert run(parse([*place, "import", str(tmp_path / "nothing.xlsx")])) == 2
    assert run(parse([*place, "import", str(ledger), "--sheet", "没有"])) == 2
    assert run(parse([*place, "import-undo", "nothing"])) == 2
