"""A PC under trial, and what every scenario does with it: install, ask the program, look at the traces."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from check import editions, wine
from check.chroots import Ran, System
from check.report import BUILD, ROOT, Report, demand
from check.screen import Screen
from check.wine import UID, Pc

FOLDER = r"C:\Program Files\Jobdesk"
DATA = r"C:\ProgramData\Jobdesk"
SECOND = "/home/clerk/second"
TITLE = "就业帮扶工作台"
INSTALL_KEY = r"HKLM\Software\Jobdesk\Install"
UNINSTALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"
STATION, STAFF, MONTH = "220802001", "王立新", "2026-11"
SAMPLE = ROOT / "resources" / "samples" / "就业困难人员管理台帐.xlsx"
INSTALL_FAILED, EXIT_REFUSED, EXIT_TROUBLE = 1603, 3, 4


def quoted(given: str) -> str:
    """``NAME=value`` as msiexec wants it: the value in quotation marks, those inside it doubled."""
    name, _, value = given.partition("=")
    return f'{name}="{value.replace(chr(34), chr(34) * 2)}"'


@dataclass(slots=True)
class World:
    """The system with Wine, its screen, the installers and the report."""

    report: Report
    system: System
    shown: Screen
    base: Path
    newer: Path
    next: str

    @property
    def version(self) -> str:
        return self.base.name.split("-")[1]

    @contextlib.contextmanager
    def pc(self, name: str, user: str = "clerk", room: int = 0) -> Iterator[Desk]:
        """A fresh PC; ``D:`` is a second disk."""
        with wine.machine(self.system, name, user, self.shown.display, room) as pc:
            second = self.system.path(SECOND)
            shutil.rmtree(second, ignore_errors=True)
            second.mkdir()
            os.chown(second, UID, UID)
            link = pc.drive.parent / "dosdevices" / "d:"
            if not link.is_symlink():
                link.symlink_to(SECOND)
            yield Desk(self, pc)

    def carry(self, package: Path) -> None:
        """Put another installer where the PCs find it."""
        shutil.copyfile(package, self.system.path(wine.PACKAGES) / package.name)


@dataclass(slots=True)
class Desk:
    """One PC with (or without) the program."""

    world: World
    pc: Pc
    folder: str = FOLDER

    def second(self, name: str) -> None:
        """A folder on the second disk, made before IT names it."""
        place = self.world.system.path(SECOND) / name
        place.mkdir()
        os.chown(place, UID, UID)

    def msiexec(self, *words: str, log: str = "install", timeout: float = 400) -> tuple[Ran, str]:
        """Run msiexec silently from a batch file, as IT does; what it answered, and its log.

        The batch file keeps the whole exit code, of which Linux would keep eight bits, and lets values hold
        blanks and quotation marks.
        """
        disk = self.world.system.path(SECOND)  # C: may be full
        place, answer = disk / f"{log}.log", disk / "code.txt"
        for old in (place, answer):
            old.unlink(missing_ok=True)
        line = f"msiexec {' '.join(words)} /qn /l*v D:\\{log}.log"
        batch = disk / "run.bat"
        batch.write_bytes(f"@echo off\r\n{line}\r\necho %errorlevel%> D:\\code.txt\r\n".encode("gb18030"))
        ran = self.pc.wine("cmd", "/c", r"D:\run.bat", timeout=timeout)
        code = int(answer.read_text("ascii")) if answer.is_file() else -1
        ran = dataclasses.replace(ran, code=code)
        text = wine.read_text(place) if place.is_file() else ""
        (BUILD / f"msi-{log}.log").write_text(text, "utf-8")
        return ran, text

    def install(self, package: Path, *properties: str, log: str = "install") -> tuple[Ran, str]:
        return self.msiexec("/i", self.of(package), *map(quoted, properties), log=log)

    def of(self, package: Path) -> str:
        return rf"Z:{wine.PACKAGES}\{package.name}".replace("/", "\\")

    def must_install(self, package: Path | None = None, *properties: str, log: str = "install") -> Ran:
        ran, text = self.install(package or self.world.base, *properties, log=log)
        demand(ran.code == 0, f"msiexec: code {ran.code}: {tail(text)}")
        return ran

    def cli(self, *words: str, timeout: float = 240) -> Ran:
        return self.pc.wine(rf"{self.folder}\jobdesk-cli.exe", *words, timeout=timeout)

    def answer(self, *words: str) -> dict[str, Any]:
        """The JSON answer of a command that has to succeed."""
        ran = self.cli("--json", *words)
        demand(ran.code == 0, f"jobdesk-cli {' '.join(words)}: code {ran.code}: {ran.said[-400:]}")
        return json.loads(ran.out)

    def works(self) -> str:
        """The installed program opens its station and finds it whole; the number of cases as a sentence."""
        demand(self.answer("check")["ok"], "check does not hold")
        return f"{len(self.answer('list')['cases'])} people on the books, check holds"

    def station(self) -> Path:
        return self.pc.path(DATA) / "station.jobdesk.db"

    def make_station(self) -> None:
        """A station with its key in Windows' credential store, and the sample ledger in it."""
        self.answer("init", "--station", STATION, "--staff", STAFF)
        ledger = self.pc.path(r"C:\台账.xlsx")
        shutil.copyfile(SAMPLE, ledger)
        os.chown(ledger, UID, UID)
        told = self.answer("import", r"C:\台账.xlsx", "--apply")
        demand(told["counts"]["new"] == 37, f"import: {told['counts']}")

    def installed(self) -> dict[str, str]:
        """What the installer wrote for the program."""
        return self.pc.registry(INSTALL_KEY)

    def files(self) -> int:
        place = self.pc.path(self.folder)
        return sum(1 for p in place.rglob("*") if p.is_file()) if place.is_dir() else 0

    def size(self) -> int:
        return sum(p.stat().st_size for p in self.pc.path(self.folder).rglob("*") if p.is_file())

    def nothing_installed(self) -> None:
        """No file of the program, no entry in the Programs list, no shortcut, no value of ours."""
        demand(self.files() == 0, f"{self.files()} files are left in {self.folder}")
        demand(TITLE not in self.pc.registry(UNINSTALL).get("DisplayName", ""), "still in the Programs list")
        demand(not list(self.pc.drive.glob(f"**/Start Menu/**/{TITLE}*.lnk")), "the shortcut is left")
        demand(not self.installed(), f"values are left: {self.installed()}")

    @contextlib.contextmanager
    def window(self, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """The program's window; ended with its PC if it does not close."""
        log = BUILD / f"msi-{name}.log"
        child = self.pc.start(rf"{self.folder}\jobdesk.exe", *words, log=log)
        try:
            yield child
        finally:
            if child.poll() is None:
                self.pc.wine("taskkill", "/f", "/im", "jobdesk.exe", timeout=30)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(15)


def tail(log: str, lines: int = 6) -> str:
    """The last lines of an installer's log that say something, properties left out."""
    said = [line for line in log.splitlines() if line.strip() and not line.startswith(("Property(", "属性("))]
    return " / ".join(said[-lines:])[-900:]


def sentence(log: str, part: str) -> str:
    """The line of the log that holds ``part``.

    Raises:
        Wrong: nobody said so.
    """
    found = [line.strip() for line in log.splitlines() if part in line and not line.startswith("Property(")]
    demand(found, f"the log does not say “{part}”: {tail(log)}")
    return found[0][:300]


def refusal(desk: Desk, package: Path, ran: Ran, log: str, part: str) -> str:
    """The sentence of a refused installation.

    Wine refuses as Windows does, and shows the sentence of a launch condition only in its window, never in
    the log: then it is taken from the table.

    Raises:
        Wrong: the installation was not refused, or no such sentence exists.
    """
    demand(ran.code == INSTALL_FAILED, f"code {ran.code} instead of 1603: {tail(log)}")
    demand("LaunchConditions" in log, "stopped before the conditions")
    said = [line.strip() for line in log.splitlines() if part in line and not line.startswith("Property(")]
    if said:
        return said[0][:300]
    texts = [row[1] for row in editions.table(package, "LaunchCondition") if len(row) > 1 and part in row[1]]
    demand(texts, f"no condition says “{part}”")
    return f"1603; “{texts[0].strip()}” (in the table; Wine does not log it)"
