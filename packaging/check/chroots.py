"""Small Debian systems to try packages in: made once by debootstrap, kept, and never written to again.

A check runs in mount and process namespaces of its own (``enter``): whatever it mounts or starts is gone
with it, also when it is killed. Each trial stands on an overlay over the kept system, so every trial begins
with the same clean one. Kept under ``build/chroots`` (or ``$JOBDESK_CHROOTS``).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = Path(os.environ.get("JOBDESK_CHROOTS") or ROOT / "build" / "chroots")
INSIDE = "JOBDESK_CHECK_INSIDE"
CHROOT = shutil.which("chroot") or "/usr/sbin/chroot"
QUIET_APT = {
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
}


class CannotCheck(Exception):
    """Something this machine lacks; the text says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kept system: its suite and what is installed into it besides the minimal base."""

    name: str
    suite: str
    packages: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return hashlib.sha256(" ".join((self.suite, *self.packages, *self.afterwards)).encode()).hexdigest()[
            :16
        ]


LOOK = (
    *("xvfb", "xdotool", "openbox", "imagemagick", "x11-utils"),
    *("fonts-dejavu-core", "fonts-wqy-microhei", "locales"),
)
CHINESE = ("localedef", "-i", "zh_CN", "-f", "UTF-8", "zh_CN.UTF-8")
EYES = Recipe("eyes", "bookworm", LOOK, CHINESE)
"""A screen, and tools to look at it: not in the system under trial, so that it hides no missing library."""
BOOKWORM = Recipe("bookworm", "bookworm")
WINE = Recipe("wine", "trixie", ("wine", "wine64", *LOOK), CHINESE)
"""Wine 10; Debian 12 has Wine 8, which runs neither Qt 6.9 nor pydantic."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str
    seconds: float
    timed_out: bool = False

    @property
    def said(self) -> str:
        return f"{self.out}\n{self.err}".strip()


def _text(file: IO[bytes]) -> str:
    """All that was written: UTF-8, or what Windows programs say on a Chinese system."""
    file.seek(0)
    data = file.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


@dataclass(slots=True)
class System:
    """A running chroot."""

    top: Path
    env: dict[str, str] = field(default_factory=lambda: dict(QUIET_APT))

    def argv(self, command: Sequence[str], user: str | None = None) -> list[str]:
        drop = [f"--userspec={user}"] if user else []
        return [CHROOT, *drop, str(self.top), *command]

    def run(
        self, *command: str, user: str | None = None, env: Mapping[str, str] | None = None,
        timeout: float = 600, check: bool = False,
    ) -> Ran:  # fmt: skip
        """Run to the end; a command that hangs is ended and told as ``timed_out``, code -1.

        What it says goes through files: a service it leaves behind would hold a pipe open for ever.
        """
        began = time.monotonic()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen(
                self.argv(command, user), env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
                stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip
            try:
                code = child.wait(timeout)
            except subprocess.TimeoutExpired:
                code = -1
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, 9)
                child.wait()
            seconds = time.monotonic() - began
            said = [_text(file) for file in (out, err)]
        ran = Ran(code, *said, seconds, timed_out=code == -1)
        if check and ran.code:
            raise CannotCheck(f"{' '.join(command)}: {ran.code}\n{ran.said[-3000:]}")
        return ran

    def start(
        self,
        *command: str,
        user: str | None = None,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start and go on; what it says goes to ``log``."""
        told = log.open("wb") if log else subprocess.DEVNULL
        return subprocess.Popen(
            self.argv(command, user), env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
            stdout=told, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def path(self, inside: str) -> Path:
        return self.top / inside.lstrip("/")


def enter(module: str, argv: Sequence[str]) -> None:
    """Go on in namespaces of our own; returns only there.

    Raises:
        CannotCheck: not root, or a tool is missing.
    """
    if os.environ.get(INSIDE):  # the first process of a namespace is deaf to signals it does not catch
        for told in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(told, lambda number, _: sys.exit(128 + number))
        return
    lacking = [
        p for t, p in (("debootstrap", "debootstrap"), ("unshare", "util-linux")) if not shutil.which(t)
    ]
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking], check=False)
        lacking = [t for t in ("debootstrap", "unshare") if not shutil.which(t)]
    if os.geteuid() != 0:
        raise CannotCheck("This check makes a chroot: run it as root (or in a container with CAP_SYS_ADMIN).")
    if lacking:
        raise CannotCheck(
            f"Missing tools; as root: apt-get install -y --no-install-recommends {' '.join(lacking)}"
        )
    os.environ[INSIDE] = "1"
    os.execvp(
        "unshare",
        ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc",
         sys.executable, "-m", module, *argv],
    )  # fmt: skip


def mirror() -> str:
    """The Debian mirror of this machine, so that the check asks the one it is allowed to ask."""
    if told := os.environ.get("DEBIAN_MIRROR"):
        return told
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        if place.is_file():
            found = re.search(r"^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+/debian)/?\s", place.read_text(), re.M)
            if found:
                return found[1]
    return "http://deb.debian.org/debian"


def kept(recipe: Recipe) -> Path:
    """The kept system, made when it is not there or was made from another recipe.

    Raises:
        CannotCheck: it could not be made (no mirror, no space …).
    """
    place, mark = KEPT / recipe.name, KEPT / f"{recipe.name}.mark"
    if place.is_dir() and mark.is_file() and mark.read_text() == recipe.mark:
        return place
    fresh = KEPT / f"{recipe.name}.new"
    for old in (place, fresh):
        if old.exists():
            shutil.rmtree(old)
    KEPT.mkdir(parents=True, exist_ok=True)
    print(f"making the {recipe.suite} system “{recipe.name}” (once; some minutes)", flush=True)
    with (KEPT / f"{recipe.name}.log").open("wb") as log:
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", recipe.suite, str(fresh), mirror()], stdout=log, stderr=log
        )
    if made.returncode:
        raise CannotCheck(
            f"debootstrap of {recipe.suite} from {mirror()} failed; see {KEPT / recipe.name}.log"
        )
    if recipe.packages:
        system = System(fresh)
        with mounted(fresh):
            system.run(
                "apt-get",
                "install",
                "-y",
                "--no-install-recommends",
                *recipe.packages,
                timeout=1800,
                check=True,
            )
            system.run("apt-get", "clean")
            if recipe.afterwards:
                system.run(*recipe.afterwards, check=True)
    fresh.rename(place)
    mark.write_text(recipe.mark)
    return place


@contextlib.contextmanager
def mounted(top: Path):
    """/proc, /dev and /sys in the chroot for as long as this lasts."""
    resolv = top / "etc" / "resolv.conf"
    if Path("/etc/resolv.conf").exists():
        with contextlib.suppress(OSError):
            shutil.copyfile("/etc/resolv.conf", resolv)
    _mount("-t", "proc", "proc", str(top / "proc"))
    _mount("--rbind", "/dev", str(top / "dev"))
    _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(top / "dev" / "shm"))
    try:
        yield
    finally:
        for point in ("dev", "proc"):
            subprocess.run(["umount", "-R", "-l", str(top / point)], check=False)


@contextlib.contextmanager
def trial(recipe: Recipe, name: str):
    """A fresh system over the kept one; thrown away at the end."""
    base = kept(recipe)
    place = KEPT / "trials" / name
    if place.exists():
        shutil.rmtree(place)
    top = place / "top"
    top.mkdir(parents=True)
    with overlay(base, place, top), mounted(top):
        yield System(top)
    shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def overlay(base: Path, work: Path, top: Path):
    """``base`` seen at ``top``, changes kept in ``work``; a copy where the kernel has no overlay."""
    upper, scratch = work / "upper", work / "work"
    for folder in (upper, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    options = f"lowerdir={base},upperdir={upper},workdir={scratch}"
    made = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(top)], capture_output=True)
    if made.returncode:
        shutil.copytree(base, top, symlinks=True, dirs_exist_ok=True)
    try:
        yield top
    finally:
        if not made.returncode:
            subprocess.run(["umount", "-l", str(top)], check=False)


def bind(source: Path, target: Path) -> None:
    """Show a folder of this machine inside; gone with the namespace."""
    target.mkdir(parents=True, exist_ok=True)
    _mount("--bind", str(source), str(target))


def tmpfs(target: Path, megabytes: int) -> None:
    """A small disk, to be filled; its owner and mode stay those of the folder."""
    target.mkdir(parents=True, exist_ok=True)
    about = target.stat()
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755,uid={about.st_uid}", "tmpfs", str(target))


def _mount(*argv: str) -> None:
    made = subprocess.run(["mount", *argv], capture_output=True, text=True)
    if made.returncode:
        raise CannotCheck(f"mount {' '.join(argv)}: {made.stderr.strip()}")
