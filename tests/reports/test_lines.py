"""Line breaks as a Chinese reader expects them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jobdesk.reports.fonts import HEI, HEI_BOLD, SONG, runs, width
from jobdesk.reports.lines import fitting, shorten, wrap

ALPHABET = "的了人在有我他这为之大来以个中上们（）《》，。；：、！“”〔〕·0123456789abc -𬭎㛃"


@settings(max_examples=150, deadline=None)
@given(st.text(ALPHABET, max_size=120), st.floats(60, 300))
def test_no_character_is_lost_and_no_line_is_too_long(text: str, room: float) -> None:
    lines = wrap(text, HEI, 10, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, HEI, 10) <= room + 5.01 for line in lines)


def test_marks_stay_with_their_words() -> None:
    text = "文员、客服（白班），月薪 3000 元；" * 6
    for room in range(60, 200, 7):
        for line in wrap(text, HEI, 10, room):
            assert line[0] not in "，。；：、！？）》〉”’〕】"
            assert line[-1] not in "（《〈“‘〔【"
            assert not line.endswith("3000") and not line.startswith("元")


def test_a_column_head_breaks_between_words() -> None:
    assert wrap("下岗失业人员", SONG, 9, 46, True) == ("下岗失业", "人员")
    assert wrap("就业困难高校毕业生", SONG, 9, 46, True) == ("就业困难", "高校毕业生")


def test_shortening_and_fitting() -> None:
    assert shorten("岗位推荐岗位推荐", HEI, 10, 45).endswith("…")
    assert shorten("岗位", HEI, 10, 45) == "岗位"
    assert width("229901200209170010", HEI, fitting("229901200209170010", HEI, 9.5, 80)) <= 80


def test_a_glyph_missing_in_a_cut_font_comes_from_the_whole_one() -> None:
    rare = "\u36c3\U0002cb4e\u3400"
    found = runs(f"王{rare}明", HEI_BOLD)
    assert "".join(piece for _, piece in found) == f"王{rare}明"
    assert all(face in (HEI, HEI_BOLD) for face, _ in found)
    assert width("\u3400", HEI_BOLD, 10) == 10
