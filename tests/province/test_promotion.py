"""A standby takes over: with everything, and without the last minutes (``docs/how-to/province.md`` §6)."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol.messages import Refusal
from tools.conformance.__main__ import Http
from tools.conformance.desk import Desk, error
from tools.live_province import LiveProvince
from tools.postgres import Postgres

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
STATION = "220102001001"


@dataclass
class Once:
    """A wire that does not come again when it is told to wait."""

    client: httpx.Client

    def request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        return self.client.request(method, path, content=content, headers=headers)


@pytest.fixture
def live() -> Iterator[LiveProvince]:
    with tempfile.TemporaryDirectory(prefix="promote-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = LiveProvince(Path(folder) / "province", 1)
        first = made.postgres
        yield made
        made.close()
        if made.postgres is not first:
            first.remove()


def until(done: Callable[[], bool]) -> None:
    for _ in range(300):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def caught_up(first: Postgres, second: Postgres) -> bool:
    at = first.ask("SELECT pg_current_wal_lsn()")
    return second.ask(f"SELECT pg_last_wal_replay_lsn() >= '{at}'::pg_lsn") == "t"


def listed(desk: Desk) -> list[str]:
    return [decode(x).op_id for x in desk.everything()[0]]


def turned(live: LiveProvince, to: Postgres) -> None:
    live.kill_all()
    live.turn_to(to)


def test_a_standby_that_has_everything_goes_on_where_the_first_stopped(live: LiveProvince) -> None:
    live.start_all()
    with httpx.Client(base_url=f"http://127.0.0.1:{live.ports[0]}", timeout=60, trust_env=False) as client:
        one, two = Desk(Http(client)), Desk(Http(client))
        for desk in (one, two):
            assert desk.enrol(live.command("code", STATION)).status_code == 200
        first = live.postgres
        second = first.standby(live.folder / "second")
        one.note("before")
        one.push()
        until(lambda: caught_up(first, second))
        epoch = one.hello().epoch

        turned(live, second)  # still a standby: it is read, writing waits, nothing ends in an error
        live.start(live.ports[0])
        until(lambda: _says(client, "/health") == 200)
        assert _says(client, "/ready") == 503
        assert listed(one) == [o.op_id for o in one.ops]
        one.note("while-it-followed")
        patient, one.wire = one.wire, Once(client)
        refused = one.send([encode(one.ops[-1])])
        assert (refused.status_code, error(refused)) == (429, "busy")
        one.wire = patient

        first.kill()
        second.promote()
        assert live.command("epoch", "--none-erased") == one.hello().epoch != epoch
        live.wait_ready(live.ports[0])
        for desk in (one, two):
            desk.note("after")
            desk.push()
        assert sorted(listed(two)) == sorted(o.op_id for d in (one, two) for o in d.ops)


def test_what_a_standby_lacks_the_desks_bring_again(live: LiveProvince, tmp_path: Path) -> None:
    """Not told of a new epoch, it is found out by its places; the erased stay erased by the register."""
    live.start_all()
    with httpx.Client(base_url=f"http://127.0.0.1:{live.ports[0]}", timeout=60, trust_env=False) as client:
        one = Desk(Http(client))
        assert one.enrol(live.command("code", STATION)).status_code == 200
        first = live.postgres
        second = first.standby(live.folder / "second")
        one.note("received")
        one.note("somebody", "隐私")
        one.push()
        until(lambda: caught_up(first, second))
        held = one.acked
        second.stop()  # a line between two rooms
        one.note("not-received")
        one.act(NewOp(Kind.ERASED, Subject("case", "somebody"), {"reason": "request"}))
        one.push()
        file = tmp_path / "erased.txt"
        live.command("erased", "--to", str(file))
        first.kill()
        second.start()
        second.promote()
        turned(live, second)
        live.start_all()

        refused = one.send([])
        assert error(refused) == "gap"
        assert Refusal.model_validate_json(refused.content).acked == held
        live.command("epoch", "--erased", str(file))
        one.acked = held
        one.push()
        again = [decode(x) for x in one.everything()[0]]
        assert {o.op_id for o in one.ops} == {o.op_id for o in again} and len(again) == len(one.ops)
        assert all(
            o.payload is None for o in again if o.subject.id == "somebody" and o.kind is not Kind.ERASED
        )


def _says(client: httpx.Client, path: str) -> int:
    try:
        return client.get(path).status_code
    except httpx.HTTPError:
        return 0
