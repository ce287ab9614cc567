"""The bundled fonts can draw every name, and every icon that a screen asks for is there."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

import jobdesk
from jobdesk.host import assets

FACES = ("NotoSansSC-Regular", "NotoSansSC-Bold", "NotoSerifSC-Regular", "NotoSerifSC-Bold")
RARE = "𬭎㛃堃喆玥旻燊翀祎昇彧𬀩𫖮仝洮珲赉逄亓"
FORM = "①②⑳⑴⒇⑪（）《》、。：；—…·×＊％℃□■○●△▲←→"
ICON = re.compile(r"""(?:Icon|pixmap|icon)\(\s*"([a-z0-9-]+)"|icon="([a-z0-9-]+)\"""")


@pytest.mark.parametrize("face", FACES)
def test_face(face: str) -> None:
    file = assets.path(f"fonts/{face}.ttf")
    with TTFont(file, lazy=True) as font:
        cmap = font.getBestCmap() or {}
        assert "glyf" in font  # the printer's library cannot read CFF outlines
    missing = [c for c in RARE + FORM if ord(c) not in cmap]
    assert not missing
    assert file.stat().st_size <= (5_000_000 if face != "NotoSansSC-Regular" else 11_000_000)


def test_licences_lie_beside() -> None:
    for name in ("OFL-NotoSansSC.txt", "OFL-NotoSerifSC.txt"):
        assert b"SIL OPEN FONT LICENSE" in assets.read_bytes(f"fonts/{name}").upper()
    assert assets.read_bytes("icons/LICENSE-lucide.txt").startswith(b"ISC License")


def test_icons_are_24_wide_single_strokes() -> None:
    files = sorted(assets.path("icons").glob("*.svg"))
    assert len(files) > 50
    for file in files:
        root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        assert root.get("viewBox") == "0 0 24 24", file.name
        assert (root.get("stroke"), root.get("fill")) == ("currentColor", "none"), file.name


def test_icons_asked_for_exist() -> None:
    asked = {
        (file.name, first or second)
        for file in (Path(jobdesk.__file__).parent / "ui").rglob("*.py")
        for first, second in ICON.findall(file.read_text(encoding="utf-8"))
    }
    have = {file.stem for file in assets.path("icons").glob("*.svg")}
    assert not {ask for ask in asked if ask[1] not in have}
