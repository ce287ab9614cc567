"""``python -m tools.sim``: many runs from fresh seeds, or one seed again with its trace."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path

from tools.sim import running

LOG = Path("build/sim.log")


def again(made: running.Outcome, *, whole: bool = False) -> str:
    """The command that does it again; of a seed that was run whole its number says all."""
    steps = "" if whole or not made.replay else f" STEPS={made.replay}"
    return f"again: make sim SEED={made.seed}{steps}"


def one(seed: int, steps: str) -> int:
    """A seed again, with everything that happens in it."""
    running.here()
    try:
        made = running.outcome(seed, steps)
    finally:
        running.close()
    print("\n".join(made.trace))
    print(f"seed {seed}: {made.wrong or 'every invariant holds'}")
    if made.wrong:
        print(again(made, whole=not steps))
    return 1 if made.wrong else 0


def many(first: int, args: argparse.Namespace) -> int:
    began, row = time.monotonic(), running.Row()
    failed: list[running.Outcome] = []
    print(f"seeds from {first} on (FROM={first} for the same ones)", flush=True)
    for made in running.outcomes(first, args.seeds, args.minutes, args.least, args.workers):
        row.add(made)
        if made.wrong:
            failed.append(made)
            print(f"seed {made.seed}: {made.wrong}", flush=True)
            print("".join(f"    {line}\n" for line in made.trace), end="")
            print(f"  {again(made)}", flush=True)
        elif row.seeds % 100 == 0:
            print(f"{row.seeds} seeds, {len(failed)} failed, {time.monotonic() - began:.0f} s", flush=True)
    took = time.monotonic() - began
    print(row.summary(took))
    if idle := row.idle():
        print(f"never done in {row.seeds} seeds: {', '.join(idle)}")
    print(f"{row.seeds - len(failed)} held, {len(failed)} failed; from {first}")
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"from {first} seeds {row.seeds} failed {[m.seed for m in failed]} {took:.0f} s\n")
    return 1 if failed or idle else 0


def _hunted(name: str, often: tuple[str, ...], first: int, args: argparse.Namespace) -> tuple[int, str]:
    """Seeds tried, and what the first said that holds without the bug."""
    tried = 0
    hunt = running.outcomes(
        first, args.seeds, 0, 0, args.workers, sabotages=(name,), often=often, shrinks=False
    )
    with contextlib.closing(hunt):
        for made in hunt:
            tried += 1
            if made.wrong and all(
                not m.wrong for m in running.outcomes(made.seed, 1, 0, 0, 1, often=often, shrinks=False)
            ):
                return tried, f"seed {made.seed}: {made.wrong}"
    return tried, ""


def sabotaged(args: argparse.Namespace) -> int:
    """Every deliberate bug, until a seed finds it; one that none finds is a failure."""
    from tools.sim import sabotage

    known = sabotage.sabotages()
    names = args.sabotage.split(",") if args.sabotage != "all" else list(known)
    missed: list[str] = []
    for name in names:
        first = sabotage.STARTS.get(name, 0) if args.first is None else args.first
        tried, said = _hunted(name, known[name].often, first, args)
        if not said:
            missed.append(name)
        what = known[name].what
        print(
            f"{name} ({what}): "
            + (
                f"found after {tried} of {args.seeds} seeds, {said[:150]}"
                if said
                else f"NOT FOUND in {tried} seeds"
            ),
            flush=True,
        )
    print(
        f"{len(names) - len(missed)} of {len(names)} found"
        + (f", missed {', '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="sim", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, help="2,000; with --minutes no more than these")
    parser.add_argument("--from", type=int, dest="first", help="the first seed; fresh ones without it")
    parser.add_argument("--seed", type=int, help="this seed alone, with its trace")
    parser.add_argument("--steps", default="", help="of that seed only these steps (3,17c,22)")
    parser.add_argument("--minutes", type=float, default=0.0, help="as many seeds as fit, at least --least")
    parser.add_argument("--least", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sabotage", default="", help="deliberate bugs that are to be found: all, or names")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets belongs to the seed
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tools.sim", *sys.argv[1:]])
    if args.seeds is None:
        args.seeds = 10**9 if args.minutes else 2000
    if args.sabotage:
        return sabotaged(args)
    if args.seed is not None:
        return one(args.seed, args.steps)
    first = args.first if args.first is not None else int.from_bytes(os.urandom(4), "big")
    return many(first, args)


if __name__ == "__main__":
    sys.exit(main())
