"""What shared libraries ask for, read with objdump (binutils)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(r"\b(GLIBC|GLIBCXX|CXXABI)_(\d+(?:\.\d+)+)\b")
_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.M)
_SONAME = re.compile(r"^\s+SONAME\s+(\S+)", re.M)


class NoObjdump(Exception):
    """binutils is missing."""


@dataclass(frozen=True, slots=True)
class Library:
    """One ELF file: its own name, the names it needs, and the newest version it asks for of each family
    (GLIBC, GLIBCXX, CXXABI)."""

    path: Path
    soname: str
    needs: tuple[str, ...]
    asks: dict[str, tuple[int, ...]]


def is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def read(path: Path) -> Library:
    """Read one library.

    Raises:
        NoObjdump: binutils is not installed.
    """
    if shutil.which("objdump") is None:
        raise NoObjdump("objdump is missing; as root: apt-get install -y binutils")
    text = _objdump("-p", path)
    soname = _SONAME.search(text)
    return Library(path, soname[1] if soname else path.name, tuple(_NEEDED.findall(text)), asked(text))


def asked(text: str) -> dict[str, tuple[int, ...]]:
    """The newest version of each family under "Version References" of ``objdump -p``.

    "Version definitions" (what a library offers itself) come before them and do not count.
    """
    newest: dict[str, tuple[int, ...]] = {}
    for family, number in _VERSION.findall(text.split("Version References:", 1)[-1]):
        version = tuple(int(part) for part in number.split("."))
        newest[family] = max(newest.get(family, ()), version)
    return newest


def symbols(path: Path, family: str, version: tuple[int, ...]) -> list[str]:
    """The names that a library takes of exactly this version, for whoever has to do without them."""
    mark = f"({family}_{'.'.join(map(str, version))})"
    found = {
        line.split()[-1] for line in _objdump("-T", path).splitlines() if mark in line and "*UND*" in line
    }
    return sorted(found)


def _objdump(option: str, path: Path) -> str:
    done = subprocess.run(
        ["objdump", option, str(path)], capture_output=True, text=True, errors="replace", check=True
    )
    return done.stdout


def closure(wanted: Iterable[Path], folders: Iterable[Path]) -> tuple[set[Path], dict[str, set[str]]]:
    """The wanted files and every library of ``folders`` they need, however far; and what nobody provides.

    Returns:
        The files to keep, and the names of missing libraries with the files that ask for them.
    """
    provided = {
        path.name: path for folder in folders for path in sorted(folder.glob("*.so*")) if is_elf(path)
    }
    keep: set[Path] = set()
    missing: dict[str, set[str]] = {}
    waiting = list(wanted)
    while waiting:
        path = waiting.pop()
        if path in keep:
            continue
        keep.add(path)
        for name in read(path).needs:
            if name in provided:
                waiting.append(provided[name])
            else:
                missing.setdefault(name, set()).add(path.name)
    return keep, missing
