"""Letters of any length: nothing cut off at the end of a page, no signature without words above it."""

from __future__ import annotations

import pypdfium2
import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.reports.furniture import Printed
from jobdesk.reports.grid import PORTRAIT, Section, pairs
from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf
from jobdesk.reports.page import MM
from jobdesk.reports.recognition_letters import letter_pdf

SIGNERS = ("sign_unit", "sign_staff", "sign_received")
FOOT = PORTRAIT.bottom - 2 * MM


def letter(count: int) -> list[pypdfium2.PdfTextPage]:
    whose = Section("家庭情况", [pairs(PORTRAIT, (0, 3, 24, "户主", "阿卜杜热合曼·买买提依明江"))])
    lines = [f"　　{n}. 甲乙丙" for n in range(1, count + 1)]
    printed = Printed("南岭街道", "于晓梅", "2026-07-15 09:00", "不含证件号", "")
    data = letter_pdf("告知书", whose, lines, SIGNERS, "", ("周岩",), printed, FixedClock.at(2026, 7, 15))
    return [page.get_textpage() for page in pypdfium2.PdfDocument(data)]


@pytest.mark.parametrize("count", [*range(1, 60, 3), *range(26, 42), 90, 120])
def test_every_line_stands_on_a_page_and_the_signatures_below_words(count: int) -> None:
    pages = letter(count)
    seen: list[int] = []
    for page in pages:
        words = page.get_text_range()
        for n in range(1, count + 1):
            at = words.find(f"{n}. 甲乙丙")
            if at >= 0 and (at == 0 or not words[at - 1].isdigit()):
                seen.append(n)
                _left, bottom, _right, _top = page.get_charbox(at)
                assert bottom > FOOT, f"line {n} lies in the foot of the page"
    assert seen == list(range(1, count + 1)), "each once, in order"
    last = pages[-1].get_text_range()
    assert "盖章" in last and "甲乙丙" in last
    if len(pages) > 1:
        assert "甲乙丙" in pages[0].get_text_range(), "the first page is no mere head"


def test_a_long_heading_goes_on_in_further_lines() -> None:
    long = "大龄失业人员：" + "城镇户籍或城镇常住，" * 9
    listing = ListPaper(
        "名单", "", [Column("姓名", 10)], [Group(long, [["周岩"]] * 3), Group("短", [["周岩"]])]
    )
    data = list_pdf(
        listing, Printed("南岭街道", "于晓梅", "2026-07-15 09:00", "", ""), FixedClock.at(2026, 7, 15)
    )
    document = pypdfium2.PdfDocument(data)
    page = document[0].get_textpage()
    words = page.get_text_range()
    assert words.replace("\r\n", "").count("城镇户籍或城镇常住，") == 9
    right = max(page.get_charbox(n)[2] for n in range(page.count_chars()) if not words[n].isspace())
    assert right < document[0].get_width() - 10 * MM


def test_the_heads_of_a_list_stand_once_on_a_page_however_many_homes_it_has() -> None:
    homes = [Group(f"{n}号楼家庭", [["周岩"]]) for n in range(1, 61)]
    listing = ListPaper("名单", "", [Column("联系人", 10)], homes)
    data = list_pdf(
        listing, Printed("南岭街道", "于晓梅", "2026-07-15 09:00", "", ""), FixedClock.at(2026, 7, 15)
    )
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    assert len(pages) > 1 and [words.count("联系人") for words in pages] == [1] * len(pages)
    for words in pages:
        assert words.index("联系人") < words.index("号楼家庭") < words.index("周岩"), "heads first"
        assert words.rindex("号楼家庭") < words.rindex("周岩"), "no heading ends a page"
