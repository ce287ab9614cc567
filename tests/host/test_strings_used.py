"""Every sentence of the catalogue can be asked for: no text outlives the place that showed it.

A key counts as used when it stands in the code whole, when a whole section is read at once, or when it fits
an f-string of the code (``f"error.{code}"``) whose holes can be filled with words that occur in the code or the
data. That lets some dead keys pass and no living one fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jobdesk
from jobdesk.host import assets, strings

PACKAGE = Path(jobdesk.__file__).parent
DATA = assets.path("strings").parent
WORD = re.compile(r"[\w-]+")


@cache
def _nodes() -> tuple[ast.AST, ...]:
    sources = sorted(PACKAGE.rglob("*.py"))
    return tuple(node for file in sources for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def _literals() -> frozenset[str]:
    return frozenset(n.value for n in _nodes() if isinstance(n, ast.Constant) and isinstance(n.value, str))


@cache
def _words() -> frozenset[str]:
    """What may fill a hole: names of the code, words of its texts and of the data."""
    dotted = {literal.replace(".", "_") for literal in _literals() if "." in literal}
    code = {w for file in PACKAGE.rglob("*.py") for w in WORD.findall(file.read_text(encoding="utf-8"))}
    data = {
        word
        for kind in ("*.toml", "*.csv")
        for file in DATA.rglob(kind)
        if file.parent.name != "strings"
        for word in WORD.findall(file.read_text(encoding="utf-8"))
    }
    return frozenset(dotted | code | data | _literals())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The f-strings that make a key, or the last part of one."""

    def shapes() -> Iterator[str]:
        for node in _nodes():
            if isinstance(node, ast.JoinedStr):
                parts = [v.value if isinstance(v, ast.Constant) else None for v in node.values]
                fixed = "".join(str(p) for p in parts if p is not None)
                if re.fullmatch(r"[a-z_.0-9]*[a-z]{2}[a-z_.0-9]*", fixed):
                    yield "".join("(.+?)" if p is None else re.escape(str(p)) for p in parts)

    return tuple(re.compile(shape) for shape in sorted(set(shapes())))


def _known(part: str) -> bool:
    """A word, words joined by dots, or what one f-string makes of words."""
    if part in _words() or all(word in _words() for word in part.split(".")):
        return True
    found = (pattern.fullmatch(part) for pattern in _patterns())
    return any(m and all(hole in _words() for hole in m.groups()) for m in found)


def _is_asked_for(key: str) -> bool:
    if key in _literals() or key.rpartition(".")[0] in _read_whole():
        return True
    found = (pattern.fullmatch(key) for pattern in _patterns() if "." in pattern.pattern)
    return any(m and all(map(_known, m.groups())) for m in found)


@cache
def _read_whole() -> frozenset[str]:
    calls = (n for n in _nodes() if isinstance(n, ast.Call) and len(n.args) == 1)
    return frozenset(
        str(call.args[0].value)
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) == "section"
    )


def test_every_text_can_be_asked_for() -> None:
    sections = assets.toml(strings.CATALOGUE)
    keys = [f"{top}.{rest}" for top in sections for rest in strings.section(top)]
    dead = [key for key in keys if not _is_asked_for(key)]
    assert not dead, "no code asks for:\n" + "\n".join(dead)


def test_a_key_nobody_makes_is_seen() -> None:
    assert _is_asked_for("app.name")
    assert not _is_asked_for("app.nobody_says_this")
    assert not _is_asked_for("error.never_raised_anywhere")
