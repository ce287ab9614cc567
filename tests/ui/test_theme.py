import gc
import re

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from jobdesk.ui import icons, theme
from jobdesk.ui.kit import Button, Icon, Text
from jobdesk.ui.palette import TEXT_ON_GROUND, Mode, Palette, contrast, tokens, tokens_from
from jobdesk.ui.stylesheet import style_sheet

MODES: tuple[Mode, Mode] = ("light", "dark")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_every_text_is_readable_on_its_ground(mode: Mode, ink: str, ground: str) -> None:
    colours = tokens().palette(mode)
    assert contrast(colours.tone(ink), colours.tone(ground)) >= 4.5, (mode, ink, ground)


@pytest.mark.parametrize("mode", MODES)
def test_focus_is_visible_on_every_ground(mode: Mode) -> None:
    """3 : 1 for the parts of a control (WCAG 2.1, 1.4.11)."""
    colours = tokens().palette(mode)
    for ground in ("canvas", "surface", "raised"):
        assert contrast(colours.focus, colours.tone(ground)) >= 3


def test_a_focused_button_has_its_border_and_no_box_of_the_style(dressed: QApplication) -> None:
    button = Button("暂停")
    button.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as after Tab
    button.show()
    button.activateWindow()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    dressed.processEvents()
    assert button.hasFocus()
    picture = button.grab().toImage()
    ground = {picture.pixelColor(x, y).name() for x in range(6, 16) for y in range(6, 9)}
    assert ground == {tokens().palette("light").surface.lower()}


def test_contrast_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_missing_token_is_named() -> None:
    with pytest.raises(KeyError):
        tokens_from({"type": {}})


@pytest.mark.parametrize("mode", MODES)
def test_the_sheet_uses_only_colours_of_the_tokens(mode: Mode) -> None:
    colours: Palette = tokens().palette(mode)
    allowed = {colours.tone(name).upper() for name in Palette.__slots__}
    found = {one.upper() for one in re.findall(r"#[0-9A-Fa-f]{6}", style_sheet(tokens(), colours))}
    assert found <= allowed


def test_pairs_named_in_the_sheet_are_checked() -> None:
    """A rule with both colour and ground must stand in TEXT_ON_GROUND."""
    colours = tokens().light
    by_value = {colours.tone(name).upper(): name for name in sorted(Palette.__slots__, reverse=True)}
    same = {("surface", "surface"), ("accent_ink", "surface")}
    for rule in re.findall(r"\{([^{}]*)\}", style_sheet(tokens(), colours)):
        ground = re.search(r"(?:^|[ ;])background:(#\w{6})", rule)
        ink = re.search(r"(?:^|[ ;])color:(#\w{6})", rule)
        if ground and ink:
            pair = (by_value[ink[1].upper()], by_value[ground[1].upper()])
            light = [(i, g) for i, g in TEXT_ON_GROUND]
            known = {(colours.tone(i), colours.tone(g)) for i, g in light}
            assert (colours.tone(pair[0]), colours.tone(pair[1])) in known or pair in same, pair


def test_light_and_dark_switch_at_run_time(dressed: QApplication) -> None:
    icon, words = Icon("check", "ink"), Text("周雨桐")
    before = icon.pixmap().toImage()
    theme.apply(dressed, "dark")
    try:
        assert theme.mode() == "dark"
        words.ensurePolished()
        assert words.palette().color(words.foregroundRole()).name().upper() == tokens().dark.ink
        icon.ensurePolished()
        icon.show()
        assert icon.pixmap().toImage() != before
    finally:
        theme.apply(dressed, "light")
        icon.close()


def test_no_widget_is_collected_while_all_of_them_are_dressed_anew(dressed: QApplication) -> None:
    """Qt walks over the widgets there are and asks some in Python: a collection took others away under it."""
    asked: list[bool] = []

    class Asked(QWidget):
        def changeEvent(self, event: QEvent, /) -> None:
            asked.append(gc.isenabled())
            super().changeEvent(event)

    widget = Asked()
    theme.apply(dressed, "dark")
    theme.apply(dressed, "light")
    widget.deleteLater()
    assert asked and not any(asked) and gc.isenabled()


def test_icons_take_the_colour_asked_for(dressed: QApplication) -> None:
    image = icons.pixmap("check", "#FF0000", 32).toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
            if image.pixelColor(x, y).alpha() > 250}  # fmt: skip
    assert seen == {"#ff0000"}


def test_scale_leaves_a_factor_from_outside_alone() -> None:
    outside = {"QT_SCALE_FACTOR": "2"}
    theme.prepare_scale(125, outside)
    assert outside == {"QT_SCALE_FACTOR": "2"}
    mine: dict[str, str] = {}
    theme.prepare_scale(125, mine)
    assert mine == {"QT_SCALE_FACTOR": "1.25"}
    theme.prepare_scale(117, mine := {})
    assert mine == {}


def test_chinese_is_not_drawn_as_boxes(dressed: QApplication) -> None:
    label = QLabel("𬭎㛃周")
    label.ensurePolished()
    assert label.fontMetrics().inFont("周")
