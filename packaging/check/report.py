"""What a check found, step by step: on the screen, in build/check, and on demand in CHECKED.md."""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKED = ROOT / "packaging" / "CHECKED.md"
BUILD = ROOT / "build" / "check"


class Wrong(AssertionError):
    """A step found something else than it should."""


def demand(holds: object, otherwise: str) -> None:
    """The assertion of a step; ``otherwise`` tells what was found instead."""
    if not holds:
        raise Wrong(otherwise)


@dataclass(slots=True)
class Step:
    """One step: what it proves, and what it saw."""

    title: str
    ok: bool = True
    seconds: float = 0.0
    saw: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.saw.append(text)


@dataclass(slots=True)
class Report:
    """All steps of one check, and the figures measured on the way."""

    name: str
    steps: list[Step] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    only: str = ""

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Run a step; what fails is told and kept, and the check goes on with the next step."""
        step = Step(title)
        self.steps.append(step)
        print(f"… {title}", flush=True)
        began = time.monotonic()
        try:
            yield step
        except Exception as error:  # noqa: BLE001 - a step that breaks is a finding, and the next ones still run
            step.ok = False
            step.note(f"{type(error).__name__}: {error}" if not isinstance(error, Wrong) else str(error))
        finally:
            step.seconds = time.monotonic() - began
        print(f"{'ok    ' if step.ok else 'FAILED'} {step.seconds:6.1f} s  {title}", flush=True)
        for line in step.saw:
            print(f"          {line}", flush=True)

    def figure(self, name: str, value: str) -> None:
        self.figures[name] = value

    @property
    def failed(self) -> list[Step]:
        return [step for step in self.steps if not step.ok]

    def finish(self, *, keep: bool) -> int:
        """Write everything down; the exit code of the check."""
        BUILD.mkdir(parents=True, exist_ok=True)
        day = datetime.now(UTC).date().isoformat()
        data = {
            "day": day, "versions": self.versions, "figures": self.figures,
            "steps": [asdict(step) for step in self.steps],
        }  # fmt: skip
        (BUILD / f"{self.name}.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
        if keep and CHECKED.is_file():
            write_between(CHECKED, self.name, self.table(day))
        count = len(self.steps)
        print(f"\n{self.name}: {count - len(self.failed)} of {count} steps hold", flush=True)
        for step in self.failed:
            print(f"FAILED {step.title}: {'; '.join(step.saw)}", file=sys.stderr)
        return 1 if self.failed or not self.steps else 0

    def table(self, day: str) -> str:
        """The same as Markdown."""
        lines = [
            f"Checked on {day} with " + ", ".join(f"{k} {v}" for k, v in self.versions.items()) + ".",
            "",
        ]
        if self.figures:
            lines += ["| measured | |", "|---|---|", *(f"| {k} | {v} |" for k, v in self.figures.items()), ""]
        lines += ["| step | | seen |", "|---|---|---|"]
        for s in self.steps:
            seen = "<br>".join(line.replace("|", "\\|").replace("\n", " ")[:400] for line in s.saw)
            lines.append(f"| {s.title} | {'holds' if s.ok else '**fails**'}, {s.seconds:.0f} s | {seen} |")
        return "\n".join(lines)


def write_between(file: Path, name: str, text: str) -> None:
    """Put the text between ``<!-- name:begin -->`` and ``<!-- name:end -->``."""
    old = file.read_text("utf-8")
    pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.S)
    new = pattern.sub(lambda m: m[1] + text + "\n" + m[2], old)
    if new != old:
        file.write_text(new, "utf-8")
