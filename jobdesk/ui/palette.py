"""The tokens of the look as frozen values, and the contrast between two of its colours. Pure: no Qt."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from jobdesk.host import assets

Mode = Literal["light", "dark"]
Tone = Literal["ink", "ink_2", "ink_3", "accent", "accent_ink", "ok", "warn", "bad", "surface"]
Role = Literal["caption", "body", "strong", "title", "display"]


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Font sizes in logical pixels; ``line`` is the line height as a multiple."""

    family: str
    caption: int
    body: int
    strong: int
    title: int
    display: int
    line: float


@dataclass(frozen=True, slots=True)
class Spaces:
    """Distances in logical pixels."""

    xs: int
    s: int
    m: int
    l: int
    xl: int
    xxl: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Radii and fixed heights in logical pixels."""

    radius: int
    radius_card: int
    row: int
    control: int
    rail: int
    header: int


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, each as ``#RRGGBB``."""

    canvas: str
    surface: str
    raised: str
    line: str
    line_strong: str
    ink: str
    ink_2: str
    ink_3: str
    accent: str
    accent_ink: str
    accent_soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    focus: str

    def tone(self, name: str) -> str:
        """The colour with this token name."""
        return str(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything screens take sizes and colours from."""

    type: TypeScale
    space: Spaces
    shape: Shape
    light: Palette
    dark: Palette

    def palette(self, mode: Mode) -> Palette:
        return self.dark if mode == "dark" else self.light


def tokens_from(raw: Mapping[str, Any]) -> Tokens:
    """The tokens in a parsed file.

    Raises:
        KeyError: a token is missing.
    """

    def table(kind: type, name: str) -> Any:
        return kind(**{field.name: raw[name][field.name] for field in fields(kind)})

    return Tokens(
        table(TypeScale, "type"),
        table(Spaces, "space"),
        table(Shape, "shape"),
        table(Palette, "light"),
        table(Palette, "dark"),
    )


@cache
def tokens() -> Tokens:
    """The tokens shipped in ``resources/theme/tokens.toml``."""
    return tokens_from(tomllib.loads(assets.path("theme/tokens.toml").read_text("utf-8")))


TEXT_ON_GROUND: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("ink", "ink_2", "ink_3", "accent", "ok", "warn", "bad")
      for ground in ("canvas", "surface", "raised")),
    *((ink, "accent_soft") for ink in ("ink", "ink_2", "ink_3", "accent", "bad", "warn")),
    ("accent_ink", "accent"),
    *((tone, f"{tone}_soft") for tone in ("ok", "warn", "bad")),
    *((ink, f"{tone}_soft") for tone in ("ok", "warn", "bad") for ink in ("ink", "ink_2")),
    ("surface", "ink"),
    ("surface", "bad"),
    ("surface", "warn"),
)  # fmt: skip
"""Every pair of text and ground the style sheet or a painter uses; a test holds each at 4.5 : 1 or more."""


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.1, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
