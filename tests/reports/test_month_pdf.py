"""The month's paper as a reader gets it: bytes, fonts, text, masking, its own arithmetic."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import people
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.reports.month_data import MonthReport, PersonSheet, Signing
from jobdesk.reports.month_pdf import file_name, month_pdf, person_pdfs
from jobdesk.reports.preview import Pages
from jobdesk.reports.totals import checks

CLOCK = FixedClock.at(2026, 11, 2, 9, 12)


def pages(data: bytes) -> list[str]:
    """Text of each page with plain line feeds."""
    with Pages(data) as opened:
        return [opened.text(k).replace("\r\n", "\n") for k in range(opened.count)]


def only(*sheets: PersonSheet, **changes: object) -> MonthReport:
    """A report of these sheets without a cover."""
    return replace(people.REPORT, cover=None, sheets=sheets, **changes)  # type: ignore[arg-type]


def printed(*sheets: PersonSheet, **changes: object) -> str:
    return "\n".join(pages(month_pdf(only(*sheets, **changes), CLOCK).data))


def test_same_paper_at_the_same_instant_is_the_same_file() -> None:
    first = month_pdf(people.REPORT, CLOCK).data
    assert first == month_pdf(people.REPORT, CLOCK).data
    assert first != month_pdf(people.REPORT, FixedClock.at(2026, 11, 2, 9, 13)).data
    assert b"D:20261102091200+08'00'" in first


def test_only_bundled_fonts_and_only_subsets() -> None:
    data = month_pdf(replace(people.REPORT, printed=replace(people.PRINTED, watermark="练习")), CLOCK).data
    names = set(re.findall(rb"/BaseFont /([^\s/]+)", data))
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+Noto(Sans|Serif)SC-(Regular|Bold)", n) for n in names)
    assert data.count(b"/FontFile2") == data.count(b"/Type /FontDescriptor") == len(names)
    assert b"Helvetica" not in data


@pytest.mark.parametrize("name", ["欧阳𬭎喆", "李㛃", "古丽巴哈尔·阿卜杜热合曼", "𠀀䶮"])
def test_rare_names_can_be_copied_from_the_paper(name: str) -> None:
    sheet = replace(people.LONGEST, name=name)
    shown = pages(month_pdf(only(sheet), CLOCK).data)
    assert len(shown) > 2
    flat = [p.replace("\n", "") for p in shown]
    assert all(name in p for p in flat)


def test_a_glyph_that_no_bundled_font_has_keeps_its_text_and_harms_nothing() -> None:
    assert "王\U0003134a二" in printed(replace(people.EMPTY, name="王\U0003134a二"))


def test_masked_paper_gives_neither_birth_nor_number_away() -> None:
    shown = printed(people.GRADUATE, people.PHONE, people.EMPTY).replace("\n", "")
    for sheet in (people.GRADUATE, people.PHONE, people.EMPTY):
        assert sheet.birth and sheet.id_number
        assert sheet.birth not in shown
        assert sheet.birth.replace("-", "") not in shown
        assert sheet.id_number not in shown
        assert not sheet.phone or sheet.phone not in shown
        assert f"{sheet.age} 岁" in shown
    assert shown.count("证件号、电话已脱敏；文字内容未脱敏") == 4


def test_unmasked_paper_prints_them_whole_and_says_so() -> None:
    shown = printed(people.GRADUATE, masked=False)
    assert people.GRADUATE.id_number and people.GRADUATE.id_number in shown
    assert "2002-09-17" in shown and "19900000012" in shown
    assert "已脱敏" not in shown
    assert "含完整证件号、电话" in shown


def _objects(data: bytes) -> list[tuple[int, float, float, float, float, float, float]]:
    doc = pypdfium2.PdfDocument(data)
    found: list[tuple[int, float, float, float, float, float, float]] = []
    for k, page in enumerate(doc):
        wide, high = page.get_size()
        things: Any = page.get_objects()
        for thing in things:
            if thing.type in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
                left, low, right, top = thing.get_bounds()
                found.append((k, left, low, right, top, wide, high))
        page.close()
    doc.close()
    return found


def test_nothing_is_drawn_outside_the_margins() -> None:
    unit = "吉林省延边测试朝鲜族自治州测试县柳河镇人民政府公共就业和社会保障综合服务中心"
    long_unit = replace(people.PRINTED, unit=unit, by="古丽巴哈尔·阿卜杜热合曼")
    data = month_pdf(replace(people.REPORT, printed=long_unit), CLOCK).data
    edge = 5 / 25.4 * 72
    for page, left, low, right, top, wide, high in _objects(data):
        assert left >= edge and low >= edge and right <= wide - edge and top <= high - edge, (page, left, low)


def test_every_page_says_where_it_goes_on() -> None:
    shown = pages(month_pdf(only(people.LONGEST), CLOCK).data)
    for number, page in enumerate(shown, 1):
        assert f"第 {number} 页　共 {len(shown)} 页" in page
        assert ("（接下页）" in page) == (number < len(shown))
        assert ("（续页）" in page) == (number > 1)
    assert "情况分析\n（续）" in shown[1]


def test_a_text_cut_by_the_page_end_is_printed_whole() -> None:
    told = "".join(f"第{k:03d}句话到此为止。" for k in range(400))
    plan = replace(people.GRADUATE.plan or people.Plan(""), analysis=told)
    shown = printed(replace(people.GRADUATE, plan=plan))
    assert all(re.sub(r"\s", "", shown).count(f"第{k:03d}句话") <= 1 for k in range(400))
    flat = re.sub(r"\s|（接下页）", "", shown)
    missing = [k for k in range(400) if f"{k:03d}" not in flat]
    assert not missing


def test_the_signatures_never_stand_alone() -> None:
    for extra in range(0, 30, 3):
        sheet = replace(people.GRADUATE, services=people.GRADUATE.services + people.LONGEST.services[:extra])
        last = pages(month_pdf(only(sheet), CLOCK).data)[-1]
        assert "六、就业去向与补贴" in last and "七、下次联系" in last


def test_a_month_by_phone_and_a_month_without_service_leave_no_line_to_sign() -> None:
    phone = printed(people.PHONE)
    assert "电话服务，本人未签" in phone and "2026-10-28 10:32 通话 6 分钟" in phone
    assert "本月未服务，本人不签" in printed(people.EMPTY)
    assert printed(people.GRADUATE).count("年 月 日") == 4
    assert phone.count("年 月 日") == 3
    assert printed(people.GRADUATE, own_signature=False).count("年 月 日") == 3
    assert "电话服务，本人未签" in printed(people.PHONE, own_signature=False)


def _rules(sheet: PersonSheet) -> int:
    """Lines for the pen: rules that are shorter than the frame and longer than a tick box."""
    data = month_pdf(only(sheet), CLOCK).data
    inner = (210 - 20 - 16) / 25.4 * 72
    return sum(
        top - low < 2 and 12 < right - left < inner - 20 and low > 50
        for _, left, low, right, top, *_ in _objects(data)
    )


def test_only_identity_plan_and_signature_have_lines_for_the_pen() -> None:
    signer = 4  # the name, year, month and day
    nothing_done = replace(
        people.PHONE, services=(), subsidies=(), placement=None, contact=None, summary=None
    )
    assert _rules(people.PHONE) == _rules(nothing_done) == 3 * signer
    assert _rules(replace(nothing_done, registration=None, insured_at=None, categories=())) == 3 * signer
    assert _rules(replace(nothing_done, signing=Signing.IN_PERSON)) == 4 * signer
    assert _rules(replace(nothing_done, phone=None)) == 3 * signer + 1
    identity, plan, measures = 8, 5, 3 * 3
    assert _rules(people.NOBODY) == identity + plan + measures + 3 * signer
    assert _rules(replace(people.NOBODY, plan_asked=False)) == identity + 3 * signer


def test_the_running_month_says_so() -> None:
    running = replace(people.PERIOD, cutoff="2026-10-20", running=True)
    assert "截至 2026-10-20" in printed(people.EMPTY, period=running)
    cover = replace(people.REPORT, period=running, sheets=())
    assert "截至 2026-10-20" in pages(month_pdf(cover, CLOCK).data)[0]


EQUATION = re.compile(r"(?<![\d〔])(\d+(?:[+−]\d+)*)([＝≠])(\d+)")


def _value(terms: str) -> int:
    return sum(int(t) for t in re.findall(r"-?\d+", terms.replace("−", "+-").replace("++", "+")))


def test_the_papers_checks_are_true_by_the_papers_own_numbers() -> None:
    page = pages(month_pdf(replace(people.REPORT, sheets=()), CLOCK).data)[0]
    found = EQUATION.findall(page)
    assert len(found) == 8
    for terms, sign, right in found:
        assert sign == "＝" and _value(terms) == int(right)
    rows = {m[0]: [int(n) for n in m[1].split()] for m in re.findall(r"^(\S+) ((?:\d+ ?)+)$", page, re.M)}
    people_row = re.search(r"其中女性\n人数 ([\d ]+)", page)
    assert people_row
    opening, new, resumed, came, ended, left, closing, _women = map(int, people_row[1].split())
    assert opening + new + resumed + came - ended - left == closing
    assert rows["类别合计"][-1] == sum(rows["类别合计"][:-1])
    states = (_row(page, "（就业困难人员）"), rows["认定办理中"], rows["台账记载，未核对"])
    assert [sum(column) for column in zip(*states, strict=True)] == rows["类别合计"]
    by_type, by_channel = re.findall(r"^人次 ([\d ]+)$", page, re.M)
    assert sum(map(int, by_type.split()[:-1])) == int(by_type.split()[-1]) == int(by_channel.split()[-1])
    assert "8 项相符 8 项" in page and "合计与明细一致" in page


def _row(page: str, label: str) -> list[int]:
    found = re.search(rf"^{re.escape(label)} ([\d ]+)$", page, re.M)
    assert found
    return [int(n) for n in found[1].split()]


def test_a_total_that_does_not_agree_is_printed_as_such() -> None:
    cover = replace(people.COVER, on_books=replace(people.COVER.on_books, closing=121))
    wrong = replace(people.REPORT, cover=cover, sheets=())
    page = pages(month_pdf(wrong, CLOCK).data)[0]
    assert "118+6+1+0−4−1≠121" in page
    assert "合计与明细不一致" in page
    assert "8 项相符 5 项" in page


def test_sheets_are_held_against_the_cover() -> None:
    sheets = (people.PHONE, people.EMPTY)
    cover = replace(
        people.COVER,
        on_books=replace(people.COVER.on_books, opening=2, new=0, resumed=0, ended=0, moved_out=0, closing=2),
        categories=people.COVER.categories[:0],
        others=(("其他", 2),),
        by_type=(("协办、其他", 2),),
        by_channel=(("电话", 2),),
        sheets=replace(people.COVER.sheets, sheets=2, to_sign=0, phone_only=1, no_service=1),  # type: ignore[type-var]
    )
    report = replace(people.REPORT, cover=cover, sheets=sheets, sheets_complete=True)
    assert all(c.ok for c in checks(report))
    less = replace(report, sheets=sheets[1:])
    assert [c.key for c in checks(less) if not c.ok] == ["sheets_printed", "sheets_services"]


def test_files_of_single_people_carry_no_number() -> None:
    names = [n for n, _ in person_pdfs(people.REPORT, CLOCK)]
    assert names[0] == "2026-10-帮扶对象月度跟踪服务汇总.pdf"
    assert names[1] == "2026-10-229901-000127-欧阳𬭎喆.pdf"
    assert len(set(names)) == 6
    assert file_name("2026", "229901200209170010", "../王*") == "2026--王.pdf"


def test_where_each_sheet_begins() -> None:
    out = month_pdf(people.REPORT, CLOCK)
    shown = pages(out.data)
    assert out.pages == len(shown)
    for sheet, (key, first) in zip(people.REPORT.sheets, out.starts[1:], strict=True):
        assert key == sheet.file_no
        assert f"档案编号　{sheet.file_no}" in shown[first]


def test_totals_of_a_quarter_have_no_sheets() -> None:
    report = replace(people.REPORT, cover=replace(people.COVER, sheets=None), sheets=())
    page = pages(month_pdf(report, CLOCK).data)[0]
    assert "帮扶对象跟踪服务合计" in page and "附表" not in page
    assert "6 项相符 6 项" in page


def test_watermark_of_the_practice_station_is_on_every_page() -> None:
    report = replace(people.REPORT, printed=replace(people.PRINTED, watermark="练习"))
    assert all("练习" in p for p in pages(month_pdf(report, CLOCK).data))
    assert "练习" not in pages(month_pdf(people.REPORT, CLOCK).data)[0]


def test_progress_is_told_and_may_stop_the_work() -> None:
    told: list[tuple[int, int]] = []
    month_pdf(people.REPORT, CLOCK, lambda done, of: told.append((done, of)))
    assert told == [(k, 5) for k in range(5)]

    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        month_pdf(people.REPORT, CLOCK, stop)
    assert month_pdf(people.REPORT, CLOCK).data == month_pdf(people.REPORT, CLOCK).data
