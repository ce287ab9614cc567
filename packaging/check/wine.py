"""A Windows of our own: Wine 10 in a kept Debian 13, with a fresh drive for every machine that is tried.

Wine runs as an ordinary account, so that read-only folders are read-only. One prepared drive is kept and
every machine stands on an overlay over it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from check import chroots
from check.chroots import KEPT, CannotCheck, Ran, System

UID = 1000
PREFIX = "/home/clerk/pc"
PACKAGES = "/packages"
QUIET = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "WINEARCH": "win64"}


@dataclass(slots=True)
class Pc:
    """One machine: a drive C: and who sits at it."""

    system: System
    drive: Path
    user: str
    env: dict[str, str] = field(default_factory=dict)

    def wine(self, *command: str, timeout: float = 300, env: Mapping[str, str] | None = None) -> Ran:
        """Run a Windows program to its end; its exit code is what Linux keeps of it (the low eight bits)."""
        return self.system.run(
            "wine", *command, user=f"{UID}:{UID}", env={**self.env, **(env or {})}, timeout=timeout
        )

    def start(self, *command: str, log: Path | None = None, env: Mapping[str, str] | None = None):
        return self.system.start(
            "wine", *command, user=f"{UID}:{UID}", env={**self.env, **(env or {})}, log=log
        )

    def path(self, windows: str) -> Path:
        r"""Where ``C:\…`` lies on Linux."""
        return self.drive / windows[3:].replace("\\", "/")

    def registry(self, key: str) -> dict[str, str]:
        """The text values of a key and of those below it, by name; empty when the key is not there."""
        target = self.path("C:\\query.reg")
        target.unlink(missing_ok=True)
        self.wine("reg", "export", key, "C:\\query.reg", "/y")
        text = read_text(target) if target.is_file() else ""
        found = re.findall(r'^"((?:[^"\\]|\\.)+)"="((?:[^"\\]|\\.)*)"$', text, re.M)
        return {_plain(name): _plain(value) for name, value in found}

    def stop(self) -> None:
        self.system.run("wineserver", "-k", user=f"{UID}:{UID}", env=self.env, timeout=60)
        self.system.run("wineserver", "-w", user=f"{UID}:{UID}", env=self.env, timeout=60)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def read_text(path: Path) -> str:
    """Text as Windows programs write it: UTF-16 with or without a mark, UTF-8, or the Chinese code page."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").replace("\r\n", "\n")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace").replace("\r\n", "\n")
    for name in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(name).replace("\r\n", "\n")
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def account(system: System) -> None:
    """An ordinary account for Wine."""
    home = system.path("/home/clerk")
    home.mkdir(parents=True, exist_ok=True)
    with system.path("/etc/passwd").open("a") as file:
        file.write(f"clerk:x:{UID}:{UID}::/home/clerk:/bin/sh\n")
    with system.path("/etc/group").open("a") as file:
        file.write(f"clerk:x:{UID}:\n")
    os.chown(home, UID, UID)


def surroundings(user: str, display: str) -> dict[str, str]:
    """The environment Wine runs in; ``user`` is the Windows account's name."""
    return {
        **QUIET, "HOME": "/home/clerk", "USER": user, "LOGNAME": user,
        "WINEPREFIX": PREFIX, "DISPLAY": display,
        "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    }  # fmt: skip


def kept_drive(system: System, user: str, display: str) -> Path:
    """The drive as it is after Wine's own first start, made once for every user name."""
    mark = f"{chroots.WINE.mark}-{user}"
    place, told = KEPT / f"drive-{len(user)}-{'ascii' if user.isascii() else 'han'}", KEPT / "drive.marks"
    told.mkdir(exist_ok=True)
    written = told / place.name
    if place.is_dir() and written.is_file() and written.read_text() == mark:
        return place
    fresh = KEPT / f"{place.name}.new"
    for old in (place, fresh):
        shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir()
    os.chown(fresh, UID, UID)
    inside = system.path(PREFIX)
    chroots.bind(fresh, inside)
    env = surroundings(user, display)
    ran = system.run("wineboot", "-i", user=f"{UID}:{UID}", env=env, timeout=300)
    system.run("wineserver", "-w", user=f"{UID}:{UID}", env=env, timeout=120)
    if ran.code or not (fresh / "drive_c" / "windows" / "system32" / "msiexec.exe").is_file():
        raise CannotCheck(f"Wine's first start failed: {ran.said[-1500:]}")
    subprocess.run(["umount", str(inside)], check=True)
    fresh.rename(place)
    written.write_text(mark)
    return place


@contextlib.contextmanager
def machine(system: System, name: str, user: str, display: str, room: int = 0) -> Iterator[Pc]:
    """A PC nobody has used yet, thrown away at the end; ``room`` is what its disk takes, in megabytes."""
    base = kept_drive(system, user, display)
    work = KEPT / "trials" / f"pc-{name}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    if room:
        chroots.tmpfs(work, room)
    top = system.path(PREFIX)
    top.mkdir(parents=True, exist_ok=True)
    with chroots.overlay(base, work, top):
        os.chown(top, UID, UID)
        pc = Pc(system, top / "drive_c", user, surroundings(user, display))
        system.start(
            "wineserver", "-p", user=f"{UID}:{UID}", env=pc.env
        ).wait()  # it stays between two programs
        try:
            yield pc
        finally:
            pc.stop()
            time.sleep(0.2)
    if room:
        subprocess.run(["umount", "-l", str(work)], check=False)
    shutil.rmtree(work, ignore_errors=True)
