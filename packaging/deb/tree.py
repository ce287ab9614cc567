"""Lays out the package's files: the wheels without what nobody needs, the program, and Debian's own files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.product import ROOT
from common.trimming import forbidden, qt_modules, wanted
from deb import elf

HERE = Path(__file__).resolve().parent
HOME = "usr/lib/jobdesk"
QT = ("PySide6/", "shiboken6/")


class WrongTree(Exception):
    """The files do not add up: a library that nobody provides, a module that is not there."""


def trim_rules() -> dict[str, Any]:
    """``trim.toml`` as it stands."""
    return tomllib.loads((HERE / "trim.toml").read_text("utf-8"))


def unpack(wheels: Sequence[Path], site: Path) -> None:
    """Put the wheels' files into ``site``, Qt still whole; scripts and data files are not wanted."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                place = _place(info.filename)
                if info.is_dir() or place is None or not (place.startswith(QT) or wanted(place)):
                    continue
                target = site / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)


def _place(name: str) -> str | None:
    found = re.match(r"[^/]+\.data/([^/]+)/(.+)", name)
    if found is None:
        return name
    return found[2] if found[1] in ("purelib", "platlib") else None


def trim_qt(site: Path, qt: Mapping[str, Sequence[str]]) -> None:
    """Keep of PySide6 what jobdesk imports, the named plugins and translations, and the libraries they need.

    Raises:
        WrongTree: something named is not in the wheel, or something kept may not be shipped.
    """
    top = site / "PySide6"
    libs, plugins = top / "Qt" / "lib", top / "Qt" / "plugins"
    chosen = [top / f"{name}.abi3.so" for name in sorted(qt_modules())] + [
        plugins / name for name in qt["plugins"]
    ]
    if absent := [str(p.relative_to(site)) for p in chosen if not p.is_file()]:
        raise WrongTree(f"not in the wheel: {', '.join(absent)}")
    bridge = site / "shiboken6"
    chosen += bridge.glob("Shiboken.*.so")
    keep, _ = elf.closure(chosen, (libs, top, bridge))
    keep |= {*top.glob("*.py"), *bridge.glob("*.py")}
    keep |= {top / "Qt" / "translations" / name for name in qt["translations"]}
    if unwelcome := [p.name for p in sorted(keep) if forbidden(str(p.relative_to(site)))]:
        raise WrongTree(f"may not be shipped: {', '.join(unwelcome)}")
    _keep_only(top, keep)
    _keep_only(bridge, keep)


def trim_bundled(site: Path) -> None:
    """Of the libraries that wheels bring in ``*.libs`` folders, keep those that are still needed."""
    for folder in sorted(site.glob("*.libs")):
        package = site / folder.name.removesuffix(".libs")
        package = site / {"pillow": "PIL"}.get(package.name, package.name)
        users = [p for p in package.rglob("*.so*") if elf.is_elf(p)]
        if not users:
            raise WrongTree(f"{folder.name}: nobody found who uses it")
        keep, _ = elf.closure(users, (folder,))
        _keep_only(folder, keep)


def _keep_only(top: Path, keep: set[Path]) -> None:
    for path in sorted(top.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in keep:
            path.unlink()


def outside(site: Path) -> dict[str, set[str]]:
    """System libraries that the tree's ELF files need and do not bring, with who asks."""
    files = [path for path in sorted(site.rglob("*")) if elf.is_elf(path)]
    brought = {path.name for path in files} | {elf.read(path).soname for path in files}
    asked: dict[str, set[str]] = {}
    for path in files:
        for name in elf.read(path).needs:
            if name not in brought:
                asked.setdefault(name, set()).add(path.name)
    return asked


def depends(asked: Mapping[str, set[str]], rules: Mapping[str, Any], python: str) -> list[str]:
    """The Depends line: Python of exactly the wheels' version, the system libraries, what is used otherwise.

    Raises:
        WrongTree: a library that ``trim.toml`` does not know.
    """
    known: Mapping[str, str] = rules["system"]
    if unknown := {name: who for name, who in asked.items() if name not in known}:
        raise WrongTree("libraries without a package in trim.toml: "
                        + "; ".join(f"{n} (for {min(w)})" for n, w in sorted(unknown.items())))  # fmt: skip
    major, minor = python.split(".")
    after = f"{major}.{int(minor) + 1}"
    own = [f"python3 (>= {python})", f"python3 (<< {after}~)", f"python{python}"]
    return own + sorted({known[name] for name in asked} | set(rules["depends"]))


def copy_program(home: Path) -> None:
    """The package ``jobdesk`` and its ``resources``, as far as git knows them (or all, outside of git)."""
    for part in ("jobdesk", "resources"):
        for path in tracked(part):
            target = home / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def tracked(part: str) -> list[Path]:
    """The files of a folder without caches; with git, only those it follows or would follow."""
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", part],
        capture_output=True,
    )
    if asked.returncode == 0 and asked.stdout:
        found = [ROOT / os.fsdecode(name) for name in asked.stdout.split(b"\0") if name]
    else:
        found = [p for p in (ROOT / part).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return sorted(p for p in found if p.is_file() and p.suffix != ".pyc")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the files' placeholders stand for."""

    version: str
    python: str
    date: str


def write_from(template: str, target: Path, facts: Facts, mode: int = 0o644) -> None:
    """A file of ``files/`` with its placeholders filled."""
    text = (HERE / "files" / template).read_text("utf-8")
    for name, value in (("VERSION", facts.version), ("PYTHON", facts.python), ("DATE", facts.date)):
        text = text.replace(f"@{name}@", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    target.chmod(mode)
