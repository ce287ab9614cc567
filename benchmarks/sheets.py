"""1,000 month sheets beside a bare reportlab canvas that draws as many lines and strings."""

from __future__ import annotations

import io
import time

from benchmarks.measure import Result
from benchmarks.station import bench_station
from jobdesk.host import assets
from jobdesk.reports.month_job import month_pdf_of


def run() -> list[Result]:
    bench = bench_station(1000)
    try:
        month_pdf_of(bench.desk, bench.desk.today)
        started = time.perf_counter()
        made = month_pdf_of(bench.desk, bench.desk.today)
        ours = made.people / (time.perf_counter() - started)
    finally:
        bench.station.close()
    strings, lines = 92, 78
    floor = _bare(made.pages, strings, lines) * made.people / made.pages
    return [
        Result("month sheets, reading and counting included", ours, "sheets/s", floor,
               f"bare canvas, {strings} strings and {lines} lines a page", "≥ 1/1.5 of the floor",
               ours >= floor / 1.5),
    ]  # fmt: skip


def _bare(pages: int, strings: int, lines: int) -> float:
    """Pages a second of a canvas that does nothing but draw."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("floor", str(assets.path("fonts/NotoSansSC-Regular.ttf"))))
    canvas = Canvas(io.BytesIO())
    started = time.perf_counter()
    for page in range(pages):
        canvas.setFont("floor", 10)
        for n in range(strings):
            canvas.drawString(40 + n % 4 * 120, 40 + n // 4 * 30, f"帮扶对象第{page}页服务记录{n}")
        for n in range(lines):
            canvas.line(40, 40 + n * 9, 550, 40 + n * 9)
        canvas.showPage()
    canvas.save()
    return pages / (time.perf_counter() - started)
