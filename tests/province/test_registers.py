"""The registers beside the backups: they only grow, whatever state the database is in when they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.ops import Kind, NewOp, Subject
from province.cli import commands, registers
from province.db.engine import EVERYTHING
from province.register import read, written
from tests.province.ground import DeskHere, sqlite_at


def lines(file: Path) -> list[str]:
    return [one.subject for one in read(registers.lines_in(file))]


def test_a_register_only_grows_and_keeps_what_erased(tmp_path: Path) -> None:
    """Written after a restore, before the new epoch: the database knows less than the file."""
    file = tmp_path / "erased.txt"
    assert registers.keep(file, ["p\t[1]", "q"]) == 2
    assert registers.keep(file, ["p", 'r\t["\u2028"]', "q\t[2]"]) == 3
    assert file.read_text("utf-8") == 'p\t[1]\nq\t[2]\nr\t["\u2028"]\n'
    assert registers.keep(file, []) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["erased.txt"]


def test_where_the_database_is_away_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "erased.txt"
    registers.keep(file, ["p"])
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert commands.main(["erased", "--to", str(file)]) == 1
    assert commands.main(["revoked", "--to", str(file)]) == 1
    assert lines(file) == ["p"]
    (tmp_path / "damaged").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="不是文本文件"):
        registers.keep(tmp_path / "damaged", ["p"])
    assert (tmp_path / "damaged").read_bytes() == b"\xff\xfe"


def test_what_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "erased.txt").mkdir()
    (tmp_path / "erased.txt" / "x").touch()
    with pytest.raises(OSError):
        registers.keep(tmp_path / "erased.txt", ["p"])
    (tmp_path / "there").mkdir()
    with pytest.raises(RuntimeError):
        registers.keep(tmp_path / "there" / "erased.txt", _breaks())
    assert list((tmp_path / "there").iterdir()) == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def _breaks() -> Iterator[str]:
    yield "p"
    raise RuntimeError("the line to the database broke")


def test_an_empty_register_is_taken_only_when_somebody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = sqlite_at(tmp_path)
    desk = DeskHere(db)
    desk.act("p")
    desk.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    desk.push()
    with db.reading(EVERYTHING) as con:
        known = list(written(con))
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'province.db'}")
    monkeypatch.setenv("JOBDESK_PROVINCE_CONTENTS", str(tmp_path / "contents"))
    file, empty = tmp_path / "erased.txt", tmp_path / "empty.txt"
    assert commands.main(["erased", "--to", str(file)]) == 0
    assert registers.lines_in(file) == known
    empty.write_text("\n")
    capsys.readouterr()
    for asked in (["epoch"], ["epoch", "--erased", str(empty)]):
        assert commands.main(asked) == 1
        assert "--none-erased" in capsys.readouterr().err
    assert commands.main(["epoch", "--erased", str(file)]) == 0
    assert commands.main(["epoch", "--erased", str(empty), "--none-erased"]) == 0
    db.engine.dispose()
