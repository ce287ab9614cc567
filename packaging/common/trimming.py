"""Decides which files of the dependencies go into a package; the lists stand in ``trim.toml``."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from common.product import ROOT, BuildFailed


@functools.cache
def rules() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "trim.toml").read_text("utf-8"))


def matches(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def wanted(path: str) -> bool:
    """Is this file of a dependency (path below site-packages) wanted, Qt's libraries left aside?

    Qt's own libraries are chosen by ``qt_libraries`` from what these files import.
    """
    if ".dist-info/licenses/" in path:
        return True
    if matches(path, rules()["drop"]["everywhere"]):
        return False
    if path.split("/", 1)[0] in rules()["qt"]["packages"]:
        return _qt_wanted(path)
    return True


def _qt_wanted(path: str) -> bool:
    qt = rules()["qt"]
    inside = path.split("/", 1)[1]
    if inside.startswith("Qt/"):  # the Linux wheels keep Qt one folder lower
        inside = inside[3:]
    if matches(path, qt["always"]) or matches(inside, qt["plugins"]):
        return True
    module = Path(inside).name.split(".", 1)[0]
    return "/" not in inside and module in qt_modules() and path.endswith((".pyd", ".so"))


@functools.cache
def qt_modules() -> frozenset[str]:
    """The Qt modules that jobdesk imports, by reading its source.

    Raises:
        BuildFailed: one of them is not allowed (see ``trim.toml``).
    """
    found: set[str] = set()
    for file in sorted((ROOT / "jobdesk").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("PySide6"):
                found |= (
                    {node.module[8:]}
                    if "." in node.module
                    else {name.name for name in node.names if name.name.startswith("Qt")}
                )
            elif isinstance(node, ast.Import):
                found |= {n.name[8:] for n in node.names if n.name.startswith("PySide6.")}
    found = {name.split(".")[0] for name in found}
    allowed = frozenset(rules()["qt"]["allowed"])
    if not found <= allowed:
        raise BuildFailed(f"jobdesk imports Qt modules that may not be shipped: {sorted(found - allowed)}")
    return frozenset(found)


def forbidden(path: str) -> bool:
    """Is this something of Qt that no package may hold?"""
    return matches(path, rules()["qt"]["forbidden"])


def stdlib_wanted(path: str) -> bool:
    """Is this module of the standard library (path below Lib) wanted?"""
    return path.endswith(".py") and not matches(path, rules()["stdlib"]["drop"])


def binary_wanted(name: str) -> bool:
    """Is this extension module or library of CPython wanted?"""
    return not name.lower().startswith(tuple(rules()["stdlib"]["drop_binaries"]))
