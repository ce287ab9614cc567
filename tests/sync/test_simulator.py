"""The simulator itself: a seed is one history, it holds, and a deliberate bug is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sim(*args: str) -> tuple[int, str]:
    """In a process of its own: it takes over the randomness of the one it runs in."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.sim", *args], cwd=ROOT, capture_output=True, text=True, timeout=280
    )
    return done.returncode, done.stdout + done.stderr


def test_a_seed_is_one_history_and_holds() -> None:
    first, again = sim("--seed", "7"), sim("--seed", "7")
    assert first == again
    assert first[0] == 0 and "every invariant holds" in first[1]


def test_a_deliberate_bug_is_found() -> None:
    code, said = sim("--sabotage", "lost_base", "--seeds", "10", "--workers", "1")
    assert code == 0 and "found after" in said, said


def test_a_failure_is_told_with_the_line_that_repeats_it(tmp_path: Path) -> None:
    """The shrunk plan of a failing seed fails alike."""
    script = (
        "from tools.sim import running, sabotage\n"
        "running.here(('lost_base',))\n"
        "made = next(m for m in map(running.outcome, range(20)) if m.wrong)\n"
        "again = running.outcome(made.seed, made.replay)\n"
        "running.close()\n"
        "print(made.steps, again.wrong.split(':')[0], made.wrong.split(':')[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=280,
                          env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})  # fmt: skip
    steps, again, first = done.stdout.split()
    assert int(steps) < 12 and again == first == "S6", done.stdout + done.stderr
