"""``make history [MINUTES=] [SEED=]``: concurrent clients against several processes on PostgreSQL, then the check.

``SABOTAGE=1`` runs a server that gives places outside the transaction, and fails when that is not found.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.conformance.desk import Desk
from tools.history.checking import Pull, Push, faults, unexplained
from tools.history.clients import Client, Lines, run_all
from tools.live_province import LiveProvince, running

STATIONS = ("220102001001", "220102002001")
SABOTAGED = "tools.history.sabotaged:application"


@dataclass(frozen=True, slots=True)
class Found:
    """What a run came to. ``broken``: a client of ours failed, whatever the server did. ``refused``: by what was
    asked and the server's reason.
    """

    history: list[Push | Pull]
    faults: list[str]
    broken: list[BaseException]
    refused: Counter[str]

    @property
    def summary(self) -> str:
        pushes = [c for c in self.history if isinstance(c, Push)]
        pulls = [c for c in self.history if isinstance(c, Pull)]
        sent = {op for p in pushes for op in p.sent}
        acked = {op for p in pushes for op in p.acked}
        lost = sum(p.ended is None for p in pushes)
        told = ", ".join(f"{what} {n}" for what, n in sorted(self.refused.items()))
        return (
            f"{len(pushes)} pushes ({lost} without an answer), {len(pulls)} pages, {len(sent)} operations sent, "
            f"{len(acked)} acknowledged, refused: {told or 'nothing'}: {len(self.faults)} faults"
        )


def take_history(
    live: LiveProvince, seed: int, seconds: float, *, desks: int = 4, line_faults: float = 0.03,
    kills: bool = True,
) -> Found:  # fmt: skip
    """``desks`` clients at each of two stations, at once, then everything read to its end.

    Args:
        kills: meanwhile a process of the server or the whole of PostgreSQL dies every few seconds.
    """
    rng = Random(seed)
    addresses = [f"http://127.0.0.1:{p}" for p in live.ports]
    clients: list[Client] = []
    lines: list[Lines] = []
    for station in STATIONS:
        shared = [f"shared-{seed}-{station}-{n}" for n in range(5)]
        for n in range(desks):
            line = Lines(addresses, Random(rng.randrange(2**32)))
            lines.append(line)
            desk = Desk(line)
            answer = desk.enrol(live.command("code", station))
            assert answer.status_code == 200, answer.text
            clients.append(Client(f"{station[-4]}{n}", desk, Random(rng.randrange(2**32)), shared))
    for line in lines:
        line.faults = line_faults
    other = {STATIONS[0]: STATIONS[1], STATIONS[1]: STATIONS[0]}
    ending = threading.Event()
    broken: list[BaseException] = []
    killer = threading.Thread(target=_kill, args=(live, Random(rng.randrange(2**32)), ending, broken))
    if kills:
        killer.start()
    try:
        broken += run_all(clients, seconds, lambda c: other[c.desk.stream])
        ending.set()
        if kills:
            killer.join()
        if broken:
            return Found([], ["the run itself broke"], broken, Counter())
        for line in lines:
            line.faults = 0
        for client in clients:
            client.finish()
        unread = [c.name for c in clients if not c.read_all()]
    finally:
        for line in lines:
            line.close()
    history = [call for client in clients for call in client.history]
    wrong = faults(history)
    wrong += [f"{c.name} could not push all" for c in clients if c.desk.acked.seq < len(c.desk.ops)]
    wrong += [f"{name} could not read its stream to the end" for name in unread]
    refused = sum((c.refused for c in clients), Counter[str]())
    return Found(history, [*wrong, *unexplained(refused)], broken, refused)


def _kill(live: LiveProvince, rng: Random, ending: threading.Event, broken: list[BaseException]) -> None:
    try:
        while not ending.wait(1 + rng.random() * 3):
            if rng.random() < 0.3:
                live.postgres.kill()
                live.postgres.start()
                continue
            port = rng.choice(live.ports)
            live.kill(port)
            live.start(port)
            live.wait_ready(port)  # else a slow machine has nobody left who answers
        for port in live.ports:
            live.wait_ready(port)
    except (RuntimeError, OSError) as error:
        broken.append(error)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--sabotage", action="store_true")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="history-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        application = SABOTAGED if args.sabotage else ""
        with running(Path(folder), args.processes, application=application, durable=False) as live:
            found = take_history(live, seed, args.minutes * 60, kills=not args.sabotage)
    for fault in [*found.faults[:20], *map(repr, found.broken)]:
        print(f"  {fault}")
    print(f"history: {found.summary}; seed {seed}")
    if args.sabotage:
        print("the sabotage was found" if found.faults else "THE SABOTAGE WAS NOT FOUND")
        return 0 if found.faults else 1
    return 1 if found.faults or found.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
