"""Builds resources/fonts/: the whole Noto Sans SC Regular and three subsets.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3
    python tools/build_fonts.py SANS_PACKAGE SERIF_PACKAGE kTGHZ2013.txt

The packages are the two unpacked folders; kTGHZ2013.txt (github.com/mozillazg/pinyin-data) lists the 8105
characters of 通用规范汉字表, which is level 2 of GB 18030-2022 with the rare characters of names.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "resources" / "fonts"

SYMBOLS = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x203B),
    (0x2100, 0x214F),
    (0x2150, 0x218B),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x25FF),
    (0x2600, 0x266F),
    (0x2713, 0x2717),
    (0x2776, 0x2793),
    (0x2E80, 0x2EF3),
    (0x3000, 0x303F),
    (0x3041, 0x30FF),
    (0x3105, 0x3129),
    (0x3220, 0x33FF),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFFE6),
)


def listed(file: Path) -> set[int]:
    """The code points of a ``U+4E00: yī`` list."""
    found = re.findall(r"^U\+([0-9A-F]{4,6}):", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(code, 16) for code in found}


def gb2312() -> set[int]:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ord(c) for pair in pairs for c in pair.decode("gb2312", errors="ignore")}


def wanted(table: Path) -> set[int]:
    symbols = {code for first, last in SYMBOLS for code in range(first, last + 1)}
    return symbols | gb2312() | listed(table)


def cut(source: Path, target: Path, codes: set[int]) -> None:
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "locl", "ccmp"]
    options.name_IDs = list(range(26))
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG"]
    font = TTFont(source)
    missing = missing_han(font, codes)
    if missing:
        sys.exit(f"{source.name} lacks {len(missing)} characters: {sorted(map(hex, missing))[:10]}")
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target.name}: {len(codes)} characters, {target.stat().st_size / 1e6:.1f} MB")


def missing_han(font: TTFont, codes: set[int]) -> set[int]:
    """Han characters that the font cannot draw; a symbol may be absent."""
    lacking = codes - set(font.getBestCmap() or ())
    return {code for code in lacking if 0x3400 <= code <= 0x9FFF or code > 0x1FFFF}


def main(sans: Path, serif: Path, table: Path) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    codes = wanted(table)
    shutil.copyfile(sans / "400Regular" / "NotoSansSC_400Regular.ttf", OUT / "NotoSansSC-Regular.ttf")
    cut(sans / "700Bold" / "NotoSansSC_700Bold.ttf", OUT / "NotoSansSC-Bold.ttf", codes)
    cut(serif / "400Regular" / "NotoSerifSC_400Regular.ttf", OUT / "NotoSerifSC-Regular.ttf", codes)
    cut(serif / "700Bold" / "NotoSerifSC_700Bold.ttf", OUT / "NotoSerifSC-Bold.ttf", codes)
    shutil.copyfile(sans / "LICENSE_FONT", OUT / "OFL-NotoSansSC.txt")
    shutil.copyfile(serif / "LICENSE_FONT", OUT / "OFL-NotoSerifSC.txt")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*(Path(argument) for argument in sys.argv[1:]))
