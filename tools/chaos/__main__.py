"""``make chaos [MINUTES=2] [SEED=]``: real desks, a bad line, real PostgreSQL, deaths and restores.

Prints its seed; the same seed plans the same (the machine decides what is running then). Exit code 1 when
something was lost, doubled, stuck or different, when a process ended by itself, or when no exchange reached the
server meanwhile: then nothing was put to the test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

from tools.chaos.desks import Said
from tools.chaos.judging import drain, judge, read_server
from tools.chaos.run import Run


def chaos(folder: Path, seed: int, seconds: float) -> tuple[list[str], str]:
    """One run: what is wrong, and its summary."""
    run = Run(folder, seed)
    began = time.monotonic()
    try:
        run.begin()
        run.disturb(seconds)
        run.end()
        wrong = [*run.faults, *run.said.broken]
        rounds, stuck = drain(run.desks) if not wrong else (0, [])
        server = read_server(run.url)
        if not wrong:
            wrong = [*stuck, *judge(run.desks, run.said, server), *idle(run.said)]
    finally:
        run.close()
    told = [
        ("befell", run.events), ("line", run.line.counted), ("desks", run.said.counted),
        ("exchanges that broke off", run.said.errors),
    ]  # fmt: skip
    lines = [f"  {name}: " + ", ".join(f"{k} {n}" for k, n in sorted(c.items())) for name, c in told if c]
    lines.append(
        f"chaos: {len(run.said.ops)} operations acknowledged as saved on {len(run.desks)} desks, "
        f"{len(server.ops)} on the server in {len(server.digests)} streams, {len(server.apart)} kept apart, "
        f"{len(server.erased)} subjects erased; at rest after {rounds} rounds; "
        f"{len(wrong)} faults in {time.monotonic() - began:.0f} s; seed {seed}"
    )
    return wrong, "\n".join(lines)


def idle(said: Said) -> list[str]:
    """What keeps anybody from taking a run for a proof in which no desk reached the server: no exchange came to
    its end, and none put anything right on its way.
    """
    came = said.counted["exchanges"] - said.errors.total()
    came += sum(n for what, n in said.counted.items() if what.startswith("repaired "))
    return [] if came else [f"nothing was tested: of {said.counted['exchanges']} exchanges none came through"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"chaos-{seed}-"))
    folder.chmod(0o755)
    wrong, summary = chaos(folder, seed, args.minutes * 60)
    for one in wrong[:30]:
        print(f"FAULT {one}")
    print(summary)
    if wrong:
        print(f"kept in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
