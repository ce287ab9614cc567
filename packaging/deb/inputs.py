"""The locked wheels of the program for Linux: which ones, and fetched with their hashes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from common.inputs import Fetched, fetch
from common.product import ROOT, BuildFailed

GLIBC = (2, 28)
"""The newest C library a wheel may ask for: that of UOS 20 and of RHEL 8; Debian 12 has 2.36."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of requirements.lock: name, its whole text with hashes, and who asked for it."""

    name: str
    text: str
    asked_by: frozenset[str]


def locked(lock: str) -> dict[str, Locked]:
    """Every entry of the lock by its name."""
    entries: dict[str, Locked] = {}
    for block in re.split(r"\n(?=\S)", lock):
        head = re.match(r"([a-z0-9-]+)==", block)
        if head is None:
            continue
        lines = block.splitlines()
        asked = {m[1] for line in lines if (m := re.match(r"\s+#\s+(?:via\s+)?([A-Za-z0-9-]+)", line))} - {
            "via"
        }
        text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
        entries[head[1]] = Locked(head[1], text, frozenset(asked))
    return entries


LINUX = {
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
}
WINDOWS = {
    "sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"
}  # fmt: skip


def runtime(lock: str, project: str, python: str = "3.11", system: Mapping[str, str] = LINUX) -> list[Locked]:
    """The entries the program needs on a system with this Python, tools of the tests left out, by name.

    Raises:
        ValueError: the project needs something that is not in the lock.
    """
    entries = locked(lock)
    needed = tomllib.loads(project)["project"]["dependencies"]
    names = {re.split(r"[\s<>=!~;\[]", need)[0].lower().replace("_", "-") for need in needed}
    if unknown := names - set(entries):
        raise ValueError(f"not in requirements.lock: {', '.join(sorted(unknown))}")
    while more := {e.name for e in entries.values() if e.asked_by & names} - names:
        names |= more
    return [entries[name] for name in sorted(names) if _applies(entries[name].text, python, system)]


def _applies(text: str, python: str, system: Mapping[str, str]) -> bool:
    """Does the entry's marker (``; sys_platform == 'win32'``) hold there?"""
    found = re.match(r"[^;\n]*;\s*([^\\\n]+)", text)
    if found is None:
        return True
    here = {**system, "python_version": python,
            "python_full_version": python + ".0", "implementation_name": "cpython",
            "platform_python_implementation": "CPython"}  # fmt: skip
    return Marker(found[1].strip()).evaluate(here)


def platforms() -> list[str]:
    """The wheel tags that promise to run with ``GLIBC`` on amd64, the newest first."""
    tags = [f"manylinux_{GLIBC[0]}_{minor}_x86_64" for minor in range(GLIBC[1], 4, -1)]
    return [*tags, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]


def fetch_wheels(out: Path, python: str) -> list[Fetched]:
    """The locked wheels for this Python and ``GLIBC``, from the cache or through pip, checked by hash.

    Raises:
        BuildFailed: a wheel is missing for this platform, a hash is wrong, the lock older than the project.
    """
    try:
        wanted = runtime(
            (ROOT / "requirements.lock").read_text("utf-8"),
            (ROOT / "pyproject.toml").read_text("utf-8"),
            python,
        )
    except ValueError as error:
        raise BuildFailed(f"{error}: run make lock, then make msi-lock") from error
    out.mkdir(parents=True, exist_ok=True)
    listed = out / f"linux-{python}.lock"
    listed.write_text("\n".join(entry.text for entry in wanted) + "\n", "utf-8")
    tags = [part for tag in platforms() for part in ("--platform", tag)]
    options = ["-q", "--only-binary", ":all:", "--implementation", "cp", "--python-version", python, *tags]
    return sorted(fetch(listed, *options, folder=f"linux-{python}"), key=lambda fetched: fetched.file)
