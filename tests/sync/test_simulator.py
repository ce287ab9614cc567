"""The simulator itself: a seed is one history, it holds, and a deliberate bug is found."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.sim import __main__ as main
from tools.sim import running

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


def row(seeds: int, *, restores: int) -> running.Row:
    """Of made-up counts: each seed tried to restore a desk, and exchanged."""
    made = running.Row()
    made.add(
        running.Outcome(
            1, counts={"restore": 1, "sync": 2, "repaired gap": 1}, done={"restore": restores, "sync": 2}
        )
    )
    for n in range(1, seeds):
        made.add(running.Outcome(n, counts={"restore": 1, "sync": 2}, done={"restore": 0, "sync": 2}))
    return made


def test_the_summary_tells_what_came_of_it_and_not_what_was_tried() -> None:
    said = row(3, restores=1).summary(2.0)
    assert "restore 1 of 3" in said and "sync 6 of 6" in said and "repaired gap 1" in said, said


def test_a_long_row_in_which_a_kind_never_came_to_anything_proves_nothing_about_it() -> None:
    assert row(running.LONG, restores=0).idle() == ["restore"]
    assert row(running.LONG, restores=1).idle() == []
    assert row(running.LONG - 1, restores=0).idle() == []  # too short to ask it


def test_an_idle_row_ends_with_an_error_that_says_of_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def outcomes(first: int, seeds: int, *_args: object) -> Iterator[running.Outcome]:
        return (running.Outcome(first + n, counts={"clone": 1}, done={"clone": 0}) for n in range(seeds))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "outcomes", outcomes)
    args = argparse.Namespace(seeds=running.LONG, minutes=0.0, least=0, workers=1)
    assert main.many(7, args) == 1
    assert "never done in 2000 seeds: clone" in capsys.readouterr().out
    assert main.many(7, argparse.Namespace(**{**vars(args), "seeds": 50})) == 0


def test_a_step_that_came_to_nothing_is_counted_as_tried_only() -> None:
    script = (
        "from tools.sim import running\n"
        "from tools.sim.judging import begun\n"
        "from tools.sim.plan import Step, plan_of\n"
        "running.here()\n"
        "world = begun(running._ground[0], plan_of(7))\n"
        "for n, kind in enumerate(('server_back', 'copy_server', 'server_back', 'ghost')):\n"
        "    world.step(Step(n, kind, 0))\n"
        "world.close()\n"
        "running.close()\n"
        "print(world.counts == {'server_back': 2, 'copy_server': 1, 'ghost': 1}, world.done)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=280,
                          env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})  # fmt: skip
    assert done.stdout.strip() == "True {'server_back': 1, 'copy_server': 1, 'ghost': 0}", (
        done.stdout + done.stderr
    )


def test_steps_make_what_they_lack() -> None:
    """Two PCs of one station that have never exchanged: every one of these came to nothing once."""
    kinds = ("settle", "save_form", "restore", "bare_restore", "clone", "merge", "erase", "destroyed")
    script = (
        "from tools.sim import running\n"
        "from tools.sim.judging import begun\n"
        "from tools.sim.plan import Plan, Step\n"
        "running.here()\n"
        f"for kind in {kinds}:\n"
        "    places = (('a', 'desk'), ('a', 'desk'), ('220102', 'county'))\n"
        "    world = begun(running._ground[0], Plan(11, places, (), 0.0, 0.0, (), 3000))\n"
        "    for n, step in enumerate(('open', kind)):\n"
        "        world.step(Step(n, step, 0))\n"
        "    print(kind, world.done[kind])\n"
        "    world.close()\n"
        "running.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=280,
                          env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})  # fmt: skip
    assert done.stdout.split("\n")[:-1] == [f"{kind} 1" for kind in kinds], done.stdout + done.stderr
