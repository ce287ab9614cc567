"""``make conformance URL=… STATION=code,code OTHER=code``: two codes of one station, one of another.

Asked is what the wire shows of the MUSTs; section 13 of ``docs/sync-protocol.md`` says what that is not.

Without a URL our own server is started over real HTTP on a database of its own, and killed and restored where a
MUST asks for it. Another server is by commands in the environment (``operating.NAMES``); without them what needs
somebody at the server is skipped, and said to be.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from jobdesk.protocol.signing import new_device_key
from tools.conformance.desk import Desk, Life, Skipped, Wire
from tools.conformance.musts import ALL, Ground
from tools.conformance.operating import NAMES, ByCommands, Ours


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


def ground(wire: Wire, station: tuple[str, str], other: str, life: Life) -> Ground:
    """Three desks, enrolled."""
    one = Desk(wire)
    forged = one.enrol(station[0], signer=new_device_key())
    made = Ground(wire, station[0], one, Desk(wire), Desk(wire), life, forged)
    for desk, code in ((made.one, station[0]), (made.two, station[1]), (made.other, other)):
        answer = desk.enrol(code)
        assert answer.status_code == 200, answer.text
    return made


def run(made: Ground) -> int:
    """Failures, each told by the numbers in its name; what could not be asked is told too."""
    failed = skipped = 0
    for must in ALL:
        name = must.__name__.replace("m_", "M-", 1)
        try:
            must(made)
        except Skipped as why:
            skipped += 1
            print(f"SKIPPED {name}: {why}", flush=True)
        except (AssertionError, ValueError, KeyError, StopIteration) as fault:
            failed += 1
            print(f"FAILED  {name}: {type(fault).__name__}: {str(fault)[:300]}", flush=True)
        else:
            print(f"ok      {name}", flush=True)
    print(f"{len(ALL) - failed - skipped} of {len(ALL)} hold, {failed} failed, {skipped} were not asked")
    return failed


def _ended(number: int, _frame: object) -> None:
    """By the way out that stops our server too."""
    sys.exit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, epilog=f"Commands: {', '.join(NAMES.values())}")
    parser.add_argument("--url")
    parser.add_argument("--station", help="two codes of one station, with a comma between")
    parser.add_argument("--other", help="a code of another station")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, _ended)
    with ExitStack() as stack:
        if args.url:
            if not (args.station and args.other):
                parser.error("with --url also --station CODE,CODE and --other CODE")
            url, codes, life = args.url, [*args.station.split(","), args.other], ByCommands(args.url)
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            life = Ours(Path(folder))
            codes = [life.command("code", s) for s in ("220102001001", "220102001001", "220102002001")]
            stack.callback(life.stop)
            life.start()
            url = life.url
        client = stack.enter_context(httpx.Client(base_url=url, timeout=60, trust_env=False))
        one, two, other = codes
        return 1 if run(ground(Http(client), (one, two), other, life)) else 0


if __name__ == "__main__":
    raise SystemExit(main())
