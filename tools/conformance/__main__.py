"""``make conformance URL=… STATION=code,code OTHER=code``: two codes of one station, one of another.

Without a URL our own server is started over real HTTP on a database of its own.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass

import httpx

from tools.conformance.desk import Desk, Wire
from tools.conformance.musts import ALL, Ground


@dataclass
class Http:
    """A server over real HTTP; waits when it is told to."""

    client: httpx.Client

    def request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        while True:
            answer = self.client.request(method, path, content=content, headers=headers)
            if answer.status_code != 429 or "no_contents" in answer.text:
                return answer
            time.sleep(min(20, int(answer.headers.get("Retry-After", "1"))))


def ground(wire: Wire, station: tuple[str, str], other: str) -> Ground:
    """Three desks, enrolled."""
    made = Ground(wire, station[0], Desk(wire), Desk(wire), Desk(wire))
    for desk, code in ((made.one, station[0]), (made.two, station[1]), (made.other, other)):
        answer = desk.enrol(code)
        assert answer.status_code == 200, answer.text
    return made


def run(made: Ground) -> int:
    """Failures, each told by the numbers in its name."""
    failed = 0
    for must in ALL:
        name = must.__name__.replace("m_", "M-", 1)
        try:
            must(made)
        except (AssertionError, ValueError, KeyError, StopIteration) as fault:
            failed += 1
            print(f"FAILED {name}: {type(fault).__name__}: {str(fault)[:300]}")
        else:
            print(f"ok     {name}")
    print(f"{len(ALL) - failed} of {len(ALL)} hold")
    return failed


def ours(stack: ExitStack) -> tuple[str, tuple[str, str], str]:
    """(url, codes of a station, code of another) of our own server in a process of its own."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = dict(os.environ, JOBDESK_PROVINCE_DATABASE=f"sqlite:///{folder}/p.db", JOBDESK_PROVINCE_PORT=str(port),
               JOBDESK_PROVINCE_CONTENTS=f"{folder}/contents", JOBDESK_PROVINCE_PER_MINUTE="100000")  # fmt: skip

    def province(*args: str) -> str:
        command = [sys.executable, "-m", "province", *args]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()

    province("migrate")
    province("orgs", "--sample", "resources/regions")
    codes = [province("code", s) for s in ("220102001001", "220102001001", "220102002001")]
    child = subprocess.Popen([sys.executable, "-m", "province", "serve"], env=env, stderr=subprocess.DEVNULL)
    stack.callback(child.wait, 30)
    stack.callback(child.terminate)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/ready").raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.2)
    return url, (codes[0], codes[1]), codes[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--station", help="two codes of one station, with a comma between")
    parser.add_argument("--other", help="a code of another station")
    args = parser.parse_args()
    with ExitStack() as stack:
        if args.url:
            if not (args.station and args.other):
                parser.error("with --url also --station CODE,CODE and --other CODE")
            one, two = args.station.split(",")
            url, station, other = args.url, (one, two), args.other
        else:
            url, station, other = ours(stack)
        client = stack.enter_context(httpx.Client(base_url=url, timeout=60, trust_env=False))
        return 1 if run(ground(Http(client), station, other)) else 0


if __name__ == "__main__":
    raise SystemExit(main())
