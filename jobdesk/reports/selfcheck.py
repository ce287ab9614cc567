"""The selftest's part on paper: the fonts, a PDF that is read back, an xlsx that is read back."""

from __future__ import annotations

import io

from jobdesk.cases.clock import today
from jobdesk.host.selfchecks import Found
from jobdesk.reports import fonts
from jobdesk.reports.month_job import month_pdf_of
from jobdesk.reports.preview import Pages
from jobdesk.reports.xlsx_out import XlsxColumn, XlsxSheet, xlsx
from jobdesk.services.selftest import NAME, Bench, Check

COMMON = "就业帮扶工作台姓名身份证号失业登记困难认定第一季度合计"
RARE = "㛃䶮𬍛𬭎鿍喆堃昇"
"""Characters of real names: outside the common set, two of them outside the BMP."""


def _fonts(bench: Bench) -> Found:
    """Every face has the common characters, and the whole Sans the rare ones of names."""
    for name in fonts.FILES:
        if any(ord(c) not in fonts.load(name).widths for c in COMMON):
            return Found("bad", "fonts_common", {"font": name})
    missing = [c for c in RARE if ord(c) not in fonts.load(fonts.FALLBACK).widths]
    if missing:
        return Found("bad", "fonts_rare", {"missing": "".join(missing)})
    return Found("ok", "fonts_good", {"count": len(fonts.FILES)})


def _pdf(bench: Bench) -> Found:
    """The month's paper of the temporary station: drawn, opened, and its text found again."""
    made = month_pdf_of(bench.desk, today(bench.clock).replace(day=1))
    with Pages(made.data) as pages:
        said = "".join(pages.text(n) for n in range(pages.count))
        picture = pages.picture(0, dpi=48)
    if NAME not in said or len(set(picture.rgb)) < 2:
        return Found("bad", "pdf_empty", {"pages": made.pages})
    return Found("ok", "pdf_good", {"pages": made.pages, "kb": len(made.data) // 1024})


def _xlsx(bench: Bench) -> Found:
    """A sheet with an ID number, a phone and something like a formula comes back as it was written."""
    from python_calamine import CalamineWorkbook

    row = [NAME, "229901199001011234", "=1+1"]
    sheet = XlsxSheet(NAME, [XlsxColumn(str(n)) for n in range(3)], [row])
    data = xlsx([sheet], bench.clock)
    back = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return Found("ok", "xlsx_good") if back[-1] == row else Found("bad", "xlsx_wrong")


PAPERS: tuple[Check, ...] = (("fonts", _fonts), ("pdf", _pdf), ("xlsx", _xlsx))
