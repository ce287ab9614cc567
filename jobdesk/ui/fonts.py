"""Which font families the screens use: the PC's Chinese font where it has one, and behind it the bundled Noto
Sans SC for the rare characters of names, which the fonts of most PCs lack."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from jobdesk.host import assets
from jobdesk.ui.palette import Tokens

BUNDLED = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
NAMES = "fonts/NotoSansSC-Regular.ttf"
"""The one bundled font that is whole; its bold is drawn from it."""
LIKED = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
)
"""Families tried in this order; all have an upright, screen-fit simplified Chinese."""


def chinese_family(bundled: tuple[str, ...] = BUNDLED) -> str:
    """A family that can write Chinese, loading the bundled one when the system has none.

    Asks for the liked families by name first: listing every family of a full Windows PC is slow.
    """
    for name in LIKED:
        if QFontDatabase.hasFamily(name):
            return name
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if families:
        return families[0]
    loaded = ""
    for name in bundled:
        number = QFontDatabase.addApplicationFont(str(assets.path(name)))
        if number >= 0:
            loaded = QFontDatabase.applicationFontFamilies(number)[0]
    return loaded or "sans-serif"


def with_names(family: str) -> list[str]:
    """The family, and behind it the one with every character of 通用规范汉字表 (𬭎 and its kin)."""
    number = QFontDatabase.addApplicationFont(str(assets.path(NAMES)))
    behind = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return [family, *(name for name in behind[:1] if name != family)]


def base_font(tokens: Tokens, family: str) -> QFont:
    """The font of ordinary text."""
    font = QFont(with_names(family))
    font.setPixelSize(tokens.type.body)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
