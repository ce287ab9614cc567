"""The templates for IT that a package brings along: group policy for Windows, an example for Linux."""

from __future__ import annotations

from common.product import ROOT

PLACE = ROOT / "packaging" / "policy"
SUFFIXES = {"windows": (".admx", ".adml"), "linux": (".json",)}


def templates(platform: str) -> dict[str, bytes]:
    """Path below ``PLACE`` → content; ``platform`` is ``windows`` or ``linux``."""
    return {
        file.relative_to(PLACE).as_posix(): file.read_bytes()
        for file in sorted(PLACE.rglob("*"))
        if file.suffix in SUFFIXES[platform]
    }
