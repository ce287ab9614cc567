"""The runbook of ``docs/how-to/province.md`` §6, really done: base backup, log archive, a minute restored."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol.messages import Place, Refusal
from province import register
from tools.conformance.__main__ import Http
from tools.conformance.desk import Desk, error
from tools.live_province import LiveProvince

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
STATION = "220102001001"


@pytest.fixture
def live() -> Iterator[LiveProvince]:
    with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = LiveProvince(Path(folder) / "province", 1, archive=True)
        yield made
        made.close()


def archived(live: LiveProvince) -> None:
    """Everything up to now lies in the archive."""
    name = live.postgres.ask("SELECT pg_walfile_name(pg_switch_wal())")
    assert live.postgres.archive is not None
    for _ in range(300):
        if (live.postgres.archive / name).exists():
            return
        time.sleep(0.1)
    raise AssertionError("the log was not archived")


def listed(desk: Desk) -> list[str]:
    return [decode(x).op_id for x in desk.everything()[0]]


@pytest.mark.parametrize("left", [False, True], ids=["all-archived", "the-last-file-was-not"])
def test_the_runbook_brings_a_minute_back(live: LiveProvince, tmp_path: Path, left: bool) -> None:
    live.start_all()
    with httpx.Client(base_url=f"http://127.0.0.1:{live.ports[0]}", timeout=60, trust_env=False) as client:
        one, two = Desk(Http(client)), Desk(Http(client))
        for desk in (one, two):
            assert desk.enrol(live.command("code", STATION)).status_code == 200
        one.note("in-the-backup")
        one.push()

        # 6. the mark, the base backup, the archive
        live.command("backup", "2026-11-21")
        base = live.postgres.folder / "base"
        live.postgres.base_backup(base)
        assert one.push([]).safe == 1
        one.note("in-the-log")
        two.note("of-two", "隐私")
        one.push()
        two.push()
        before = listed(one)
        minute = live.postgres.ask("SELECT clock_timestamp()")
        time.sleep(0.5)
        one.note("in-the-lost-time")
        two.act(NewOp(Kind.ERASED, Subject("case", "of-two"), {"reason": "request"}))
        one.push()
        two.push()
        file = tmp_path / "erased.txt"
        live.command("erased", "--to", str(file))
        epoch = one.hello().epoch
        if not left:
            archived(live)

        # 1 to 3: stop, restore to the minute, a new epoch with the register, start
        live.kill_all()
        live.postgres.stop("immediate")
        live.postgres.restore(base, until=minute, left=left)
        for _ in range(300):
            if live.postgres.ask("SELECT pg_is_in_recovery()") == "f":
                break
            time.sleep(0.1)
        told = live.command("epoch", "--erased", str(file))
        live.start_all()

        assert one.hello().epoch == told != epoch
        erasing = register.read(file.read_text(encoding="utf-8").splitlines())[0].line
        now = listed(one)
        assert now[: len(before)] == before, "exactly what there was at that minute"
        assert now[len(before) :] == [decode(erasing).op_id], "and what erased, from the register"
        assert one.send([], acked=_at(one, 1)).json()["safe"] == 1
        refused = one.send([])
        assert error(refused) in ("gap", "epoch")  # it believes more acknowledged than there is
        place = Refusal.model_validate_json(refused.content).acked
        assert place is not None and place == _at(one, 2)
        one.acked = place
        one.push()
        two.acked = _at(two, 1)
        two.push()
        again = [decode(x) for x in one.everything()[0]]
        assert len({o.op_id for o in again}) == len(again) == 5
        assert {o.op_id for o in (*one.ops, *two.ops)} == {o.op_id for o in again}
        assert all(o.payload is None for o in again if o.subject.id == "of-two" and o.kind is not Kind.ERASED)


def _at(desk: Desk, seq: int) -> Place:
    return Place(seq=seq, hash=op_hash(desk.ops[seq - 1]).hex())
