"""The facts of ``packaging/product.toml``, the version, and the time every file in a package carries."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "packages"
CACHE = BUILD / "inputs"

SAME_EVERYWHERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
"""msitools reads and writes times of the machine's zone, and text of its language."""


class BuildFailed(Exception):
    """The package cannot be built as it should be; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Property:
    """A public property of the installer; see the notes in ``product.toml``."""

    name: str
    value: str
    meaning: str
    key: str = ""
    secret: bool = False
    directory: bool = False
    default: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """``product`` and ``windows`` are the tables of the file as they stand."""

    version: str
    product: dict[str, Any]
    windows: dict[str, Any]
    properties: tuple[Property, ...]

    @property
    def msi_name(self) -> str:
        return f"{self.product['short']}-{self.version}-x64.msi"

    @property
    def file_version(self) -> tuple[int, int, int, int]:
        """Four numbers for version resources; Windows Installer itself compares the first three."""
        numbers = [int(part) for part in re.findall(r"\d+", self.version)][:3]
        return (*numbers, *([0] * (4 - len(numbers))))  # type: ignore[return-value]

    def guid(self, name: str) -> str:
        """The same GUID for the same name for ever, in braces and capitals."""
        return "{" + str(uuid.uuid5(uuid.UUID(self.windows["namespace"]), name)).upper() + "}"


@functools.cache
def product() -> Product:
    raw = tomllib.loads((ROOT / "packaging" / "product.toml").read_text("utf-8"))
    source = (ROOT / "jobdesk" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE)
    if found is None:
        raise BuildFailed("jobdesk/__init__.py names no __version__")
    version = os.environ.get("JOBDESK_PACKAGE_VERSION") or found[1]
    if not re.fullmatch(r"\d{1,3}\.\d{1,3}\.\d{1,5}", version):
        raise BuildFailed(f"{version}: Windows Installer orders only versions of three numbers")
    return Product(
        version,
        raw["product"],
        raw["windows"],
        tuple(Property(**entry) for entry in raw["property"]),
    )


@functools.cache
def epoch() -> int:
    """SOURCE_DATE_EPOCH, or the time of the last commit; seconds since 1970."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    answer = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    if answer.returncode or not answer.stdout.strip():
        raise BuildFailed("no git history here: set SOURCE_DATE_EPOCH (seconds since 1970)")
    return int(answer.stdout)


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a tool, and return what it said on stdout.

    Raises:
        BuildFailed: the tool is missing or failed; its last lines are in the sentence.
    """
    words = [str(part) for part in command]
    try:
        answer = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **SAME_EVERYWHERE, **(env or {})},
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise BuildFailed(f"{words[0]} is not installed: run packaging/setup.sh") from error
    if answer.returncode:
        said = (answer.stdout + answer.stderr).decode("utf-8", "replace").strip().splitlines()[-15:]
        raise BuildFailed(f"{' '.join(words)[:300]}\nfailed with {answer.returncode}:\n" + "\n".join(said))
    return answer.stdout.decode("utf-8", "replace")
