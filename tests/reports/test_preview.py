"""Pictures of pages."""

from __future__ import annotations

from dataclasses import replace

import people
from test_month_pdf import CLOCK

from jobdesk.reports.month_pdf import month_pdf
from jobdesk.reports.preview import Pages


def test_a_page_is_a_picture_with_ink_on_it() -> None:
    data = month_pdf(replace(people.REPORT, sheets=()), CLOCK).data
    with Pages(data) as opened:
        assert opened.count == 1
        wide, high = opened.size(0)
        picture = opened.picture(0, 72)
    assert abs(picture.width - wide) <= 1 and abs(picture.height - high) <= 1
    assert len(picture.rgb) == picture.stride * picture.height
    assert picture.stride >= picture.width * 3
    assert picture.rgb[:3] == b"\xff\xff\xff" and min(picture.rgb) < 60
