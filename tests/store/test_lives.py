"""Which lives wrote what is here costs a few steps each, however long their logs are."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.store import lives as module
from jobdesk.store.lives import Life, lives
from jobdesk.store.log import OP_COLUMNS
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_state import know_stream
from tests.stations import make_station

OPS = 3000


def _many(w: Writing) -> str:
    """A long log of one life, as the last operation again and again; the life."""
    row = w.con.execute(f"SELECT {OP_COLUMNS} FROM op ORDER BY position DESC LIMIT 1").fetchone()
    base = dict(zip(OP_COLUMNS.split(", "), row, strict=True))
    for i in range(1, OPS + 1):
        op = base | {"op_id": f"o{i:08}", "action_id": f"a{i}", "replica_seq": base["replica_seq"] + i}
        w.con.execute(f"INSERT INTO op({OP_COLUMNS}) VALUES ({','.join('?' * len(op))})", tuple(op.values()))
    return str(base["replica_id"])


def _listed(w: Writing, replica: str, *streams: int) -> None:
    """Its first operation stands in the first stream, all the others in the last."""
    for num in streams:
        know_stream(w.con, f"s{num}", "", "", "")
    rows = w.con.execute("SELECT op_id, replica_seq FROM op WHERE replica_id = ?", (replica,)).fetchall()
    for op_id, seq in rows if streams else ():
        num = streams[0] if seq == 1 else streams[-1]
        w.con.execute("INSERT INTO stream_op(stream, seq, op_id) VALUES (?, ?, ?)", (num, seq, op_id))


def _steps(w: Writing) -> tuple[Life, int]:
    """The only life, and how many hundreds of steps of the database that took."""
    steps: list[None] = []
    w.con.set_progress_handler(lambda: steps.append(None), 100)
    try:
        (life,) = lives(w.con)
    finally:
        w.con.set_progress_handler(None, 0)
    return life, len(steps)


@pytest.mark.parametrize("streams", [(), (1,), (1, 2)])
def test_a_long_log_is_not_walked(tmp_path: Path, streams: tuple[int, ...]) -> None:
    """Where no stream lists it, or its later work lies in another one, each of 3,000 operations was asked."""
    made = make_station(tmp_path, FixedClock.at(2026, 7, 15))

    def job(w: Writing) -> tuple[Life, int, int]:
        replica = _many(w)
        _listed(w, replica, *streams)
        (last,) = w.con.execute("SELECT max(replica_seq) FROM op").fetchone()
        return *_steps(w), last

    life, hundreds, last = made.desk.write(job).result()
    made.station.close()
    assert life.last_at == (last if len(streams) == 1 else 0)
    assert hundreds < 60


def test_what_was_not_acknowledged_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import without a line: the last that the stream lists lies thousands before the last."""
    monkeypatch.setattr(module, "_BACK", 3)
    made = make_station(tmp_path, FixedClock.at(2026, 7, 15))

    def job(w: Writing) -> Life:
        replica = _many(w)
        _listed(w, replica, 1)
        w.con.execute("DELETE FROM stream_op WHERE seq > 20")
        w.con.execute(
            "INSERT OR REPLACE INTO replica_mark(replica, own, acked, hash, safe, state) "
            "VALUES (?, 1, 20, x'', 0, '')",
            (replica,),
        )
        return _steps(w)[0]

    life = made.desk.write(job).result()
    made.station.close()
    assert life.last_at == 20
