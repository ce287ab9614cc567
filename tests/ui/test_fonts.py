"""A name is shown whole: no character of it is an empty box because the PC's font lacks it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication

from jobdesk.ui import fonts, theme

RARE = "李𬭎㛃堃"
"""Extension E, Extension A, and one that GB 2312 lacks."""


@pytest.mark.parametrize("bold", [False, True])
def test_the_rare_characters_of_names_are_drawn_whatever_the_pcs_font(qapp: QApplication, bold: bool) -> None:
    font = fonts.base_font(theme.tokens(), "DejaVu Sans")  # there, and without a single Chinese character
    font.setBold(bold)
    layout = QTextLayout(RARE, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    families = {run.rawFont().familyName() for run in layout.glyphRuns()}
    assert len(glyphs) == len(RARE)
    assert all(glyphs), "an empty box"
    assert families == {"Noto Sans SC"}


def test_the_pcs_own_font_stays_the_first(qapp: QApplication) -> None:
    assert fonts.with_names("Microsoft YaHei UI") == ["Microsoft YaHei UI", "Noto Sans SC"]
    assert fonts.with_names("Noto Sans SC") == ["Noto Sans SC"]
