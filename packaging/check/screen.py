"""A screen in a system of its own, and looking at it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from check.chroots import System
from check.report import demand

FLAT, SAME = 40, 24
"""Steps of grey: what an empty screen stays below, and what a cursor makes of one point of 64 by 36."""


def alike(one: bytes, other: bytes) -> bool:
    """Do two pictures differ by less than a blinking cursor would make?"""
    return len(one) == len(other) > 0 and all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))


@dataclass(slots=True)
class Screen:
    """An X server of a trial; ``eyes`` is the system that has the tools to look at it."""

    eyes: System
    display: str

    def run(self, *command: str, timeout: float = 30):
        return self.eyes.run(*command, env={"DISPLAY": self.display}, timeout=timeout)

    def windows(self) -> list[str]:
        """The titles of all visible windows that have one."""
        ids = self.run("xdotool", "search", "--onlyvisible", "--name", ".").out.split()
        return [self.run("xdotool", "getwindowname", one).out.strip() for one in ids]

    def wait_for(self, part: str, seconds: float) -> float:
        """Seconds until a window whose title holds ``part`` is seen."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if any(part in title for title in self.windows()):
                return time.monotonic() - began
            time.sleep(0.1)
        demand(False, f"no window “{part}” within {seconds:.0f} s; seen: {self.windows()}")
        return seconds

    def close(self, part: str) -> None:
        """Ask the window to close, as its × does (the window manager's Alt+F4)."""
        for one in self.run("xdotool", "search", "--onlyvisible", "--name", part).out.split():
            self.run("xdotool", "windowactivate", "--sync", one)
            self.run("xdotool", "key", "--clearmodifiers", "alt+F4")

    def settled(self, seconds: float, still: float = 1.0) -> float:
        """Seconds until the picture has not changed for ``still`` seconds (and is not one colour).

        It is looked at from afar, so that a blinking cursor is no change.
        """
        began = time.monotonic()
        last, since = b"", began
        while time.monotonic() - began < seconds:
            now = self._from_afar()
            if not alike(now, last):
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= still and max(now) - min(now) > FLAT:
                return since - began
            time.sleep(0.2)
        return seconds

    def _from_afar(self) -> bytes:
        """The screen in 64 by 36 grey points."""
        self.run("import", "-window", "root", "-resize", "64x36!", "-depth", "8", "gray:/tmp/afar.gray")
        place = self.eyes.path("/tmp/afar.gray")
        return place.read_bytes() if place.is_file() else b""

    def picture(self, target: Path) -> int:
        """Keep a picture of the screen; the number of its colours."""
        target.parent.mkdir(parents=True, exist_ok=True)
        inside = f"/tmp/{target.name}"
        ran = self.run("import", "-window", "root", inside)
        demand(ran.code == 0, f"no picture: {ran.said[-200:]}")
        target.write_bytes(self.eyes.path(inside).read_bytes())
        return int(self.run("identify", "-format", "%k", inside).out or 0)


@contextlib.contextmanager
def screen(eyes: System, number: int = 79, size: str = "1366x768") -> Iterator[Screen]:
    """An X server with a window manager for as long as this lasts."""
    display = f":{number}"
    server = eyes.start("Xvfb", display, "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-ac")
    made = Screen(eyes, display)
    for _ in range(100):
        if made.run("xdpyinfo").code == 0:
            break
        time.sleep(0.1)
    manager = eyes.start("openbox", env={"DISPLAY": display})
    time.sleep(0.5)
    try:
        yield made
    finally:
        for one in (manager, server):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, 15)
            one.wait()
