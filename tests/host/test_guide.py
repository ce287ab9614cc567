"""What the guide for new clerks names is there: pictures, words of the screens, keys, other pages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES, MOST_PICTURES = 120 * 1024, 48
"""Own figures: the pictures are read on slow lines too."""
KEY = re.compile(r"^(?:(?:Ctrl|Shift|Alt)\+)*(?:[A-Z]|\d|F\d+|Enter|Tab|Esc|Space|Delete|[↑↓←→/]|空格)$")
PLAIN_KEYS = {"Tab", "↑", "↓", "Enter", "Esc"}
"""Keys that mean the same in every program; the screens name them, too, but need not."""


def _texts(table: Any) -> Iterator[str]:
    for value in table.values():
        if isinstance(value, str):
            yield value
        else:
            yield from _texts(value)


@pytest.fixture(scope="module")
def spoken() -> list[re.Pattern[str]]:
    """Every text a user sees, as a pattern that takes anything for its placeholders."""
    with (ROOT / "resources/strings/zh_CN.toml").open("rb") as file:
        table = tomllib.load(file)
    return [
        re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)))
        for text in _texts(table)
        if re.sub(r"\{\w+\}", "", text).strip("　 ：“”（）")
    ]


@pytest.fixture(scope="module")
def literals() -> set[str]:
    """Every string in the code of the window."""
    found: set[str] = set()
    for file in (ROOT / "jobdesk/ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
                found.add(node.attr.removeprefix("Key_"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_and_pages_named_exist(page: Path) -> None:
    named = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [name for name in named if "://" not in name and not (page.parent / name).is_file()]
    assert not missing


def test_the_index_names_every_page() -> None:
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_quoted_words_stand_on_a_screen(page: Path, spoken: list[re.Pattern[str]]) -> None:
    words = set(re.findall(r"「([^」]+)」", page.read_text(encoding="utf-8"))) - {""}
    assert [word for word in sorted(words) if not any(one.fullmatch(word) for one in spoken)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_keys_named_do_something(page: Path, literals: set[str], spoken: list[re.Pattern[str]]) -> None:
    """In the code, or in a text of the screens: 空格, 先按 1 2 3."""
    named = {k for k in re.findall(r"`([^`]+)`", page.read_text(encoding="utf-8")) if KEY.match(k)}
    places = {f"Ctrl+{number}" for number in range(1, 7)}
    told = {word for one in spoken for word in one.pattern.replace("\\", "").split()}
    keys = literals | places | told | PLAIN_KEYS
    assert [k for k in sorted(named) if k not in keys and k.replace("Enter", "Return") not in keys] == []


def test_pictures_are_small_few_and_used_by_the_tool() -> None:
    from tools.pictures import KEEP

    found = sorted(PICTURES.glob("*.png"))
    assert {one.stem for one in found} == set(KEEP)
    assert len(found) <= MOST_PICTURES
    assert [one.name for one in found if one.stat().st_size > MOST_BYTES] == []
