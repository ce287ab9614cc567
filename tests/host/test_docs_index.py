"""The list of pages leads to every page, and says of a decision what the decision says of itself."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
LISTED = re.findall(r"\[([^\]]+)\]\(([^)]+)\)(?: \| (.*) \|)?", (DOCS / "README.md").read_text("utf-8"))


def test_every_page_is_listed_and_is_there() -> None:
    there = {p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")} - {"README.md"}
    guide = {p for p in there if p.startswith("guide/") and p != "guide/README.md"}  # has a list of its own
    named = {path for _, path, _ in LISTED}
    assert {p for p in named if not (DOCS / p).exists()} == set()
    assert there - guide - named == set()


def test_a_decision_is_listed_by_its_number_and_title() -> None:
    told = {path: f"# {name}. {title}" for name, path, title in LISTED if path.startswith("adr/")}
    assert len(told) > 10
    for path, heading in told.items():
        assert (DOCS / path).read_text("utf-8").splitlines()[0] == heading
