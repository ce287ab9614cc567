"""What a team would take instead of a sync of its own: PouchDB against a PouchDB server, the same people.

Runs ``pouch.cjs`` where Node is there and ``JOBDESK_POUCH`` names a folder in which ``npm install pouchdb
express@4 express-pouchdb`` was done; else it says so and measures nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.measure import Result

SCRIPT = Path(__file__).with_name("pouch.cjs")


def run(cases: int, each: int, ours_s: float) -> list[Result]:
    """One document an operation, as a log of changes would be kept there; nothing is folded or encrypted."""
    node, folder = shutil.which("node"), os.environ.get("JOBDESK_POUCH", "")
    if node is None or not folder:
        print("| PouchDB | JOBDESK_POUCH not set, or no node | — | — | — | — |")
        return []
    done = subprocess.run(
        [node, str(SCRIPT), str(cases), str(each)], capture_output=True, text=True, timeout=1200,
        env=dict(os.environ, NODE_PATH=str(Path(folder) / "node_modules")), check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-800:])
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Result(f"PouchDB replicating the same {told['docs']:,} as documents", told["pull_s"], "s", ours_s,
               "jobdesk, in this run"),
        Result("PouchDB, bytes a document on the wire", told["bytes"] / told["docs"], "B"),
    ]  # fmt: skip
