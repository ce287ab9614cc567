"""Which font family the screens use; the bundled Noto Sans SC only where the PC has no Chinese font."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from jobdesk.host import assets
from jobdesk.ui.palette import Tokens

BUNDLED = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
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


def base_font(tokens: Tokens, family: str) -> QFont:
    """The font of ordinary text."""
    font = QFont(family)
    font.setPixelSize(tokens.type.body)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
