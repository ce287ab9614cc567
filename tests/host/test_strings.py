"""The string catalogue answers by key, and every key that the code asks for is in it."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import jobdesk
from jobdesk.cases import errors
from jobdesk.host import strings
from jobdesk.host.strings import MissingText

PACKAGE = Path(jobdesk.__file__).parent
ERROR_CLASSES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.JobdeskError)
}


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        yield file.relative_to(PACKAGE), ast.parse(file.read_text(encoding="utf-8"))


def _names_of_text(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "jobdesk.host.strings"
        for alias in node.names
        if alias.name == "text"
    }


def _first_literal(call: ast.Call) -> str | None:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    return None


def _asks(tree: ast.Module) -> Iterator[tuple[int, str, ast.Call]]:
    names = _names_of_text(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        is_text = (isinstance(called, ast.Name) and called.id in names) or (
            isinstance(called, ast.Attribute)
            and called.attr == "text"
            and isinstance(called.value, ast.Name)
            and called.value.id == "strings"
        )
        key = _first_literal(node)
        if is_text and key is not None:
            yield node.lineno, key, node


def _raises(tree: ast.Module) -> Iterator[tuple[int, str, ast.Call]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        code = _first_literal(node)
        if name in ERROR_CLASSES and code is not None:
            yield node.lineno, f"error.{code}", node


def placeholders(sentence: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _fault(key: str, call: ast.Call) -> str | None:
    if not strings.has(key):
        return "unknown key"
    given = {word.arg for word in call.keywords}
    missing = placeholders(strings.section(key.rpartition(".")[0])[key.rpartition(".")[2]]) - given
    return f"no value for {sorted(missing)}" if missing and None not in given else None


def test_every_literal_key_exists_with_its_parameters() -> None:
    faults = [
        f"{file}:{line} {key}: {fault}"
        for file, tree in _trees()
        for line, key, call in [*_asks(tree), *_raises(tree)]
        if (fault := _fault(key, call))
    ]
    assert not faults, "\n".join(faults)


def test_walker_sees_both_ways_of_asking() -> None:
    tree = ast.parse(
        "from jobdesk.host.strings import text as t\nfrom jobdesk.host import strings\n"
        "t('app.name')\nstrings.text('app.nothing')\nother('app.x')\nraise errors.DiskFull('disk_full')\n"
    )
    assert [key for _, key, _ in _asks(tree)] == ["app.name", "app.nothing"]
    [(_, key, call)] = _raises(tree)
    assert _fault(key, call) == "no value for ['path']"


def test_placeholders_are_named() -> None:
    for key in ("app", "error"):
        for name, sentence in strings.section(key).items():
            assert all(p.isidentifier() for p in placeholders(sentence)), f"{key}.{name}"


def test_text_fills_placeholders() -> None:
    assert strings.text("app.name") == "就业帮扶工作台"
    assert "甲机" in strings.text("error.file_locked", holder="甲机")
    assert strings.text("error.wrong_key", superfluous=1) == strings.text("error.wrong_key")


@pytest.mark.parametrize(("key", "params"), [("error.no_such", {}), ("error.disk_full", {}), ("error", {})])
def test_missing_text_names_the_key(key: str, params: dict[str, object]) -> None:
    with pytest.raises(MissingText) as caught:
        strings.text(key, **params)
    assert caught.value.key == key and isinstance(caught.value, KeyError)


def test_section_and_has() -> None:
    assert strings.section("app")["name"] == "就业帮扶工作台"
    assert strings.has("error.wrong_key") and not strings.has("error")
    with pytest.raises(MissingText):
        strings.section("nowhere")
