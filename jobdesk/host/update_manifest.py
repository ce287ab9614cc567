"""What a signed pack of kind ``update`` says: releases, their packages with hashes, from when to when.

The pack holds one file, ``update.json``; the packages (MSI, deb) lie beside the pack and are named there with
size and SHA-256. The version of the pack counts up with every manifest: that is what rollback is seen by.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from jobdesk.cases.errors import BadInput
from jobdesk.host.signed_pack import SignedPack, safe_name

KIND = "update"
PACK_NAME = "jobdesk-update.jobdesk"
INSIDE = "update.json"
PLATFORMS = ("windows-x64", "linux-amd64")
SUFFIX_OF: Mapping[str, str] = {"windows-x64": ".msi", "linux-amd64": ".deb"}
_VERSION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){1,3}")

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that lies beside the manifest."""

    platform: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A version that may be installed.

    Attributes:
        minimum: the oldest version it may be installed over.
        percent: of the machines it is offered to; which ones, their own numbers decide.
    """

    version: str
    minimum: str
    percent: int
    packages: tuple[Package, ...]

    def package(self, platform: str) -> Package | None:
        return next((p for p in self.packages if p.platform == platform), None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a publisher says of updates.

    Attributes:
        number: counts up with every manifest of a publisher.
        expires_on: the last day it may be believed: an old one cannot be shown for ever.
        digest: of the signed pack.
    """

    number: int
    issued_on: date
    expires_on: date
    key_id: str
    digest: str
    releases: tuple[Release, ...]


def version_of(text: str) -> Version:
    """Numbers to compare by; trailing zeros do not count.

    Raises:
        ValueError: not a version.
    """
    if not _VERSION.fullmatch(text):
        raise ValueError("version")
    parts = [int(p) for p in text.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def manifest_of(pack: SignedPack) -> Manifest:
    """Read the file inside a proven pack.

    Raises:
        BadInput: ``update_malformed``: signed, and still not what this program understands.
    """
    try:
        expires, releases = checked(pack.files.get(INSIDE, b""))
    except ValueError as error:
        raise BadInput("update_malformed", path=pack.name) from error
    return Manifest(pack.version, pack.issued_on, expires, pack.publisher.key_id, pack.digest, releases)


def checked(content: bytes) -> tuple[date, tuple[Release, ...]]:
    """The last day and the releases of an ``update.json``.

    Raises:
        ValueError: it is not one.
    """
    try:
        raw = json.loads(content.decode("utf-8"))
        return date.fromisoformat(raw["expires_on"]), tuple(_release(r) for r in raw["releases"])
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("update.json") from error


def _release(raw: Any) -> Release:
    version_of(raw["version"])
    version_of(raw["minimum"])
    percent = raw["percent"]
    if type(percent) is not int or not 0 <= percent <= 100:
        raise ValueError("percent")
    packages = tuple(_package(p) for p in cast("list[Any]", raw["packages"]))
    if len({p.platform for p in packages}) != len(packages):
        raise ValueError("a platform twice")
    return Release(raw["version"], raw["minimum"], percent, packages)


def _package(raw: Any) -> Package:
    platform, name, size, digest = raw["platform"], raw["name"], raw["size"], raw["sha256"]
    if platform not in PLATFORMS or not safe_name(name) or "/" in name:
        raise ValueError("package")
    if not name.endswith(SUFFIX_OF[platform]) or name.startswith("-"):
        raise ValueError("package")
    if type(size) is not int or size < 1 or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError("package")
    return Package(platform, name, size, digest)


def written(expires_on: date, releases: tuple[Release, ...]) -> bytes:
    """The content of ``update.json``."""
    raw = {
        "expires_on": expires_on.isoformat(),
        "releases": [
            {
                "version": r.version, "minimum": r.minimum, "percent": r.percent,
                "packages": [
                    {"platform": p.platform, "name": p.name, "size": p.size, "sha256": p.sha256}
                    for p in r.packages
                ],
            }
            for r in releases
        ],
    }  # fmt: skip
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def this_platform() -> str:
    return "windows-x64" if sys.platform == "win32" else "linux-amd64"


def share_of(machine: str, version: str) -> int:
    """0 … 99: the same for one machine and version always, even over machines, another for each version."""
    return int.from_bytes(hashlib.sha256(f"{machine}\n{version}".encode()).digest()[:8], "big") % 100


def machine_id() -> str:
    """What the system calls this installation of itself; the host's name where it says nothing."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography",
                access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY,
            ) as key:  # fmt: skip
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return _host_name()
    try:
        return Path("/etc/machine-id").read_text("ascii").strip() or _host_name()
    except (OSError, UnicodeDecodeError):
        return _host_name()


def _host_name() -> str:
    import socket

    return socket.gethostname()
