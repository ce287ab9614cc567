"""The check's own tools: what it reads out of logs, registries and libraries is what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
from check import msi_pc, report, screen, symbols, wine
from deb import elf


def library(**asks: tuple[int, ...]) -> elf.Library:
    return elf.Library(Path("libx.so"), "libx.so", (), asks)


def test_a_library_above_the_limit_is_named_and_one_at_it_is_not() -> None:
    above = symbols.too_new([library(GLIBC=(2, 29)), library(GLIBC=(2, 28)), library(GLIBCXX=(3, 4, 26))])
    assert [family for _, family in above] == ["GLIBC", "GLIBCXX"]


def test_the_table_begins_with_the_worst() -> None:
    rows = symbols.table([library(GLIBC=(2, 9)), library(GLIBC=(2, 17))])
    assert "2.17" in rows[2]
    assert "2.9" in rows[3]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "gb18030"])
def test_text_of_windows_programs_is_read_in_any_of_their_encodings(tmp_path: Path, encoding: str) -> None:
    place = tmp_path / "log.txt"
    place.write_bytes("站点数据留在数据文件夹\r\n".encode(encoding))
    assert wine.read_text(place) == "站点数据留在数据文件夹\n"


def test_a_failed_step_is_kept_and_the_check_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    told = report.Report("trial")
    with told.step("breaks"):
        report.demand(False, "seen otherwise")
    with told.step("holds") as step:
        step.note("seen")
    assert [step.ok for step in told.steps] == [False, True]
    assert [step.title for step in told.failed] == ["breaks"]
    assert "seen otherwise" in capsys.readouterr().out


def test_findings_replace_only_what_stands_between_their_marks(tmp_path: Path) -> None:
    place = tmp_path / "CHECKED.md"
    place.write_text("a\n<!-- deb:begin -->\nold\n<!-- deb:end -->\nb\n", "utf-8")
    report.write_between(place, "deb", "new")
    assert place.read_text("utf-8") == "a\n<!-- deb:begin -->\nnew\n<!-- deb:end -->\nb\n"


def test_a_blinking_cursor_is_no_change_and_a_page_is() -> None:
    empty = bytes([240] * (64 * 36))
    cursor = bytes([*empty[:-1], 228])
    page = bytes([*empty[:-1], 120])
    assert screen.alike(empty, cursor)
    assert not screen.alike(empty, page)
    assert not screen.alike(b"", b"")


def test_properties_are_given_to_msiexec_with_their_blanks_and_quotation_marks() -> None:
    assert msi_pc.quoted(r"JOBDESK_SECOND_FOLDER=D:\第 二 份") == r'JOBDESK_SECOND_FOLDER="D:\第 二 份"'
    assert msi_pc.quoted('JOBDESK_SERVER=a"b') == 'JOBDESK_SERVER="a""b"'
    assert msi_pc.quoted("JOBDESK_STATION_CODE=") == 'JOBDESK_STATION_CODE=""'
