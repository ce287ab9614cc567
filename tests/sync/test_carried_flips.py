"""Any bit of a file, any place where it breaks off: told, and nothing of it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.host.strings import has
from jobdesk.protocol import carried as parts
from jobdesk.protocol.sealing import SMALLEST, Way, seal, unseal
from jobdesk.store import sync_facts
from jobdesk.sync import carried_in
from province.carrying import carried
from province.refusing import Refused as Declined
from tests.sync.ground import PC, Server
from tests.sync.sticks import answer, out

MANY = settings(
    max_examples=300, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path, server: Server, clock: FixedClock) -> tuple[PC, bytes, bytes]:
    """A PC, what it wrote, and the answer, unread."""
    pc = PC(tmp_path / "pc", server, clock).enrol()
    pc.open_case("c1")
    path = out(pc, tmp_path / "stick")
    return pc, path.read_bytes(), answer(server, path)


def hurt(data: bytes, draw: st.DataObject) -> bytes:
    kind = draw.draw(st.sampled_from(("flip", "cut", "grow", "swap")))
    at = draw.draw(st.integers(0, len(data) - 1))
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 << draw.draw(st.integers(0, 7)))]) + data[at + 1 :]
    if kind == "cut":
        return data[:at]
    if kind == "grow":
        return data[:at] + b"\0" + data[at:]
    end = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[at], changed[end] = changed[end], changed[at]
    return bytes(changed) if bytes(changed) != data else data[:-1]


def test_no_changed_answer_is_read(pair: tuple[PC, bytes, bytes]) -> None:
    pc, _, data = pair
    facts = pc.station.file.read(sync_facts.all_facts).result()

    @given(draw=st.data())
    @MANY
    def run(draw: st.DataObject) -> None:
        with pytest.raises((BadInput, Refused)) as caught:
            carried_in.opened(hurt(data, draw), facts)
        code = caught.value.code  # type: ignore[union-attr]
        assert code in ("carried_damaged", "carried_other_kind") and has(f"error.{code}")

    run()
    assert carried_in.take(pc.station.file, data, pc.clock, "a").receipt.sent_ops == 3
    pc.close()


def test_no_changed_file_is_done(server: Server, pair: tuple[PC, bytes, bytes]) -> None:
    pc, data, _ = pair
    listed = server.listed()

    @given(draw=st.data())
    @MANY
    def run(draw: st.DataObject) -> None:
        with pytest.raises(Declined) as caught:
            carried(server.province, hurt(data, draw))
        assert caught.value.error.value == "body" and caught.value.detail.startswith("carried_")

    run()
    assert server.listed() == listed
    pc.close()


def test_flips_under_the_checksum_do_not_open_the_seal(pair: tuple[PC, bytes, bytes]) -> None:
    """Whoever mends the SHA-256 behind a change still has not sealed it."""
    from hashlib import sha256

    pc, _, data = pair
    facts = pc.station.file.read(sync_facts.all_facts).result()

    @given(at=st.integers(0, len(data) - 33), bit=st.integers(0, 7))
    @MANY
    def run(at: int, bit: int) -> None:
        whole = data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 : -32]
        with pytest.raises(BadInput):
            carried_in.opened(whole + sha256(whole).digest(), facts)

    run()
    pc.close()


def test_whatever_a_device_signs_the_server_answers(server: Server, pair: tuple[PC, bytes, bytes]) -> None:
    """A device gone mad: any requests with any bodies, sealed and signed well. Never a bug of ours."""
    pc, data, _ = pair
    me = server.province.me()
    letter = unseal(data, me.exchange_key)
    head, rest = parts.read_head(letter.content, parts.CarriedHead)
    key = bytes.fromhex(pc.station.file.read(sync_facts.all_facts).result()["device_key"])
    bodies = parts.cut(rest, [a.size for a in head.asks])
    paths = st.one_of(
        st.sampled_from([a.path for a in head.asks]),
        st.sampled_from(("/v1/blobs", "/v1/transfer", "/v1/enrol", "/v1/hello", "/v1/bootstrap", "/view",
                         f"/v1/blobs/{'0' * 64}?at=-1", f"/v1/blobs/{'a' * 64}?at=9&size=7", "/v1/blobs/x",
                         "//[", "/v1/pull?at=٣")),
        st.text(max_size=30),
    )  # fmt: skip
    body = st.one_of(
        st.sampled_from(bodies), st.binary(max_size=60), st.sampled_from((b"{}", b"[" * 5000, b"null"))
    )
    ask = st.tuples(st.sampled_from(("GET", "POST", "PUT", "X")), paths, body)

    @given(asks=st.lists(ask, max_size=6), room=st.integers(1, 10**9))
    @MANY
    def run(asks: list[tuple[str, str, bytes]], room: int) -> None:
        said = head.model_copy(update={
            "max_bytes": room,
            "asks": [parts.CarriedAsk(method=m, path=p, size=len(b)) for m, p, b in asks],
        })  # fmt: skip
        content = parts.write_parts(said, [b for _, _, b in asks])
        sealed = seal(content, Way.OUT, head.exchange, me.exchange_public, key)
        back = carried(server.province, sealed)
        assert len(back) >= SMALLEST
        told, _ = carried_in.opened(back, pc.station.file.read(sync_facts.all_facts).result())
        assert all(r.status < 500 for r in told.replies)

    run()
    pc.close()
