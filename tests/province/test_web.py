"""The addresses over real requests: signatures, nonces, enrolment, limits, nothing 5xx."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import httpx
import pytest
from fastapi import Request
from starlette.types import Message

from jobdesk.cases.codec import decode, encode
from jobdesk.protocol.bodies import read_body, write_body
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import MAX_BODY_BYTES
from jobdesk.protocol.messages import Enrolled, Hello, PullHead, PushAnswer, PushHead, Refusal
from jobdesk.protocol.signing import (
    DEVICE,
    NONCE,
    SIGNATURE,
    VERSION,
    new_device_key,
    public_of,
    request_bytes,
    sign,
)
from province import enrolling
from province.asking import Asked
from province.config import Config
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from province.serving import Province
from province.web.app import make_app
from province.web.limiting import Gate
from province.web.reading import Readers, read_request
from tests.province.ground import NOW, DeskHere
from tests.province.http import Http


@dataclass
class Server:
    """The application in this process, and a clock that is moved."""

    db: Database
    ms: int = NOW
    ids: int = 0
    http: Http = field(init=False)

    def __post_init__(self) -> None:
        self.province = Province(self.db, lambda: self.ms, self._id)
        self.http = Http(make_app(self.province, Config(per_minute=1000)))

    def _id(self) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def code(self, org: str = "a", role: str = "desk") -> str:
        with self.db.writing(EVERYTHING) as con:
            return enrolling.issue_code(con, org, role, self.ms)


@dataclass
class Device:
    """A machine with its key."""

    server: Server
    key: bytes = field(default_factory=new_device_key)
    id: str = ""

    def ask(self, path: str, body: bytes, **changed: str) -> httpx.Response:
        nonce = Hello.model_validate_json(self.server.http.get("/v1/hello").content).nonce
        headers = {VERSION: "1", DEVICE: self.id, NONCE: nonce,
                   SIGNATURE: sign(self.key, request_bytes("POST", path, body, nonce))}  # fmt: skip
        return self.server.http.post(path, content=body, headers={**headers, **changed})

    def enrol(self, code: str, **changed: str) -> httpx.Response:
        body = (
            f'{{"code":"{code}","device_key":"{public_of(self.key).hex()}","program":"1","station_subject":"s"}}'
        ).encode()
        answer = self.ask("/v1/enrol", body, **changed)
        if answer.status_code == 200:
            self.id = Enrolled.model_validate_json(answer.content).device
        return answer


@pytest.fixture
def server(db: Database) -> Server:
    return Server(db)


def refusal(answer: httpx.Response) -> str:
    return Refusal.model_validate_json(answer.content).error.value


def test_a_code_works_once_and_a_lost_answer_may_be_asked_for_again(server: Server) -> None:
    code, device, thief = server.code(), Device(server), Device(server)
    first = Enrolled.model_validate_json(device.enrol(code).content)
    assert first.station.stream == "a" and first.station.station_subject == "s"
    assert Enrolled.model_validate_json(device.enrol(code).content).device == first.device
    assert refusal(thief.enrol(code)) == "bad_code"


def test_a_code_ends_after_a_day_and_a_slip_is_no_code(server: Server) -> None:
    for late, outcome in ((0, 200), (1, 403)):  # M-2.5: to the millisecond
        code, began = server.code(), server.ms
        server.ms += 24 * 3_600_000 + late
        assert Device(server).enrol(code).status_code == outcome
        server.ms = began
    assert refusal(Device(server).enrol("AAAA-AAAA")) == "bad_code"


def test_what_a_desk_pushes_it_can_pull(server: Server) -> None:
    device, desk = Device(server), DeskHere(server.db)
    device.enrol(server.code())
    desk.act("case-1")
    head = PushHead(replica="r1", last_seq=1, now_ms=NOW - 90_000, count=1)
    answer = device.ask("/v1/push", write_body(head, desk.ops))
    told = PushAnswer.model_validate_json(answer.content)
    assert (told.acked.seq, told.skew_ms, [v.verdict for v in told.verdicts]) == (1, -90_000, ["accepted"])
    pulled = device.ask("/v1/pull", b"{}")
    page, lines = read_body(pulled.content, PullHead)
    assert [decode(x) for x in lines] == desk.ops and page.pages[0].digest and not page.more


def test_only_the_device_itself_is_believed(server: Server) -> None:
    device, other = Device(server), Device(server)
    assert refusal(device.ask("/v1/pull", b"{}")) == "unsigned"
    device.enrol(server.code())
    other.id = device.id
    assert refusal(other.ask("/v1/pull", b"{}")) == "bad_signature"
    assert refusal(device.ask("/v1/pull", b"{}", **{SIGNATURE: "00"})) == "bad_signature"
    stale = device.ask("/v1/pull", b"{}", **{NONCE: "1.2.3"})
    assert refusal(stale) == "stale_nonce" and Refusal.model_validate_json(stale.content).nonce
    assert refusal(device.ask("/v1/pull", b"{}", **{VERSION: "99"})) == "upgrade"
    other.id = "nobody"
    assert refusal(other.ask("/v1/pull", b"{}")) == "unknown_device"


def test_a_device_may_sleep_four_hundred_days_behind_its_validity(server: Server) -> None:
    """M-2.6, to the millisecond."""
    device = Device(server)
    until = Enrolled.model_validate_json(device.enrol(server.code()).content).valid_until_ms
    server.ms = until + 400 * 86_400_000 + 1
    assert refusal(device.ask("/v1/renew", b"")) == "unknown_device"
    server.ms -= 1
    assert device.ask("/v1/renew", b"").status_code == 200


def test_a_device_that_slept_renews_and_a_stolen_one_is_shut_out(server: Server) -> None:
    device, desk = Device(server), DeskHere(server.db)
    device.enrol(server.code())
    server.ms += 300 * enrolling.DAY_MS
    assert refusal(device.ask("/v1/pull", b"{}")) == "unknown_device"
    assert device.ask("/v1/renew", b"").status_code == 200
    assert device.ask("/v1/pull", b"{}").status_code == 200
    with server.db.writing(EVERYTHING) as con:
        assert enrolling.revoke(con, device.id, "stolen", server.ms)
    assert refusal(device.ask("/v1/pull", b"{}")) == "revoked"
    desk.act("case-1")
    head = PushHead(replica="r1", last_seq=1, now_ms=NOW, count=1)
    told = PushAnswer.model_validate_json(device.ask("/v1/push", write_body(head, desk.ops)).content)
    assert [v.reason for v in told.verdicts] == ["revoked"]
    server.ms += 2000 * enrolling.DAY_MS
    assert refusal(device.ask("/v1/renew", b"")) == "revoked"


@pytest.mark.parametrize("body", [b"", b"{", b"\x78\x9c", b"x" * 3_000_000, b'{"cursors":[{"stream":"b"}]}'])
def test_no_body_makes_it_fall_over(server: Server, body: bytes) -> None:
    device = Device(server)
    device.enrol(server.code())
    for path in ("/v1/push", "/v1/pull", "/v1/enrol"):
        answer = device.ask(path, body)
        assert 400 <= answer.status_code < 500, answer.content
        assert refusal(answer) in ("body", "out_of_scope")


def test_no_more_of_a_body_is_read_than_the_limit(server: Server) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(200):
            read += 100_000
            yield bytes(100_000)

    async def run() -> httpx.Response:
        app = make_app(server.province, Config())
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://province"
        ) as client:
            return await client.post("/v1/push", content=body(), headers={VERSION: "1"})

    assert refusal(asyncio.run(run())) == "body"
    assert read <= MAX_BODY_BYTES + 100_000


def test_a_foreign_line_is_no_4xx(server: Server) -> None:
    device, desk = Device(server), DeskHere(server.db, replica="r9")
    device.enrol(server.code())
    desk.act("case-1")
    head = PushHead(replica="r1", last_seq=1, now_ms=NOW, count=1)
    answer = device.ask("/v1/push", write_body(head, desk.ops))
    assert [v.reason for v in PushAnswer.model_validate_json(answer.content).verdicts] == ["foreign"]
    assert encode(desk.ops[0])


def test_health_readiness_and_metrics(server: Server) -> None:
    assert server.http.get("/health").status_code == 200 == server.http.get("/ready").status_code
    server.http.get("/nobody/here")
    text = server.http.get("/metrics").text
    assert 'jobdesk_requests_total{path="other",status="404"} 1' in text and text.endswith("# EOF\n")


def test_too_many_at_once_or_in_a_minute_are_told_to_wait() -> None:
    clock = [0.0]

    async def run() -> None:
        gate = Gate(1, 0.01, 2, lambda: clock[0])
        async with gate.slot():
            with pytest.raises(Refused, match="busy"):
                async with gate.slot():
                    pass
        async with gate.slot():
            pass
        gate.count("d")
        gate.count("d")
        gate.count("other")
        with pytest.raises(Refused) as busy:
            gate.count("d")
        assert busy.value.retry_after_s == 60
        clock[0] = 61.0
        gate.count("d")

    asyncio.run(run())


def test_a_request_is_worked_on_in_the_task_that_brings_it(server: Server) -> None:
    """One more for each, and for each piece of its body, cost half a millisecond."""
    readers: list[object] = []
    scope: dict[str, object] = {
        "type": "http", "method": "POST", "path": "/v1/push", "raw_path": b"/v1/push", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": [(VERSION.lower().encode(), b"1")],
        "client": ("127.0.0.1", 1), "server": ("province", 80),
    }  # fmt: skip
    said: list[Message] = []

    async def receive() -> Message:
        readers.append(asyncio.current_task())
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    async def run() -> None:
        await make_app(server.province, Config())(scope, receive, send)
        assert readers == [asyncio.current_task()]

    asyncio.run(run())
    assert said[0]["status"] == 401 and (b"cache-control", b"no-store") in said[0]["headers"]
    assert [m.get("more_body", False) for m in said[1:]] == [True, False]  # its end follows when it is taken


def test_without_patience_whoever_finds_a_free_place_has_it() -> None:
    async def run() -> None:
        gate = Gate(1, 0.0, 9, lambda: 0.0)
        await gate.has_room()
        async with gate.slot():
            with pytest.raises(Refused, match="busy"):
                await gate.has_room()
        await gate.has_room()

    asyncio.run(run())


def test_a_minute_is_counted_by_machine_and_by_where_it_asks_from(server: Server) -> None:
    """Nobody uses up what is another's, by its name or by his own address; a carried file counts by address."""
    app = make_app(server.province, Config(per_minute=2))

    def asked(path: str, device: str, address: str) -> tuple[int, str]:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://province") as client:
                return await client.post(path, content=b"", headers={VERSION: "1", DEVICE: device})

        answer = asyncio.run(run())
        return answer.status_code, answer.json()["error"]

    assert [asked("/v1/pull", "one", "10.0.0.1") for _ in range(3)] == [(401, "unsigned")] * 2 + [
        (429, "busy")
    ]
    assert asked("/v1/pull", "two", "10.0.0.1") == asked("/v1/pull", "one", "10.0.0.2") == (401, "unsigned")
    told = [asked("/v1/carried", f"d{n}", "10.0.0.1")[0] for n in range(31)]
    assert told == [400] * 30 + [429] and asked("/v1/carried", "", "10.0.0.2")[0] == 400


def test_one_machine_never_has_all_the_places(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A push of a hundred thousand lines took half a minute; eight of one machine shut everybody out."""
    ends = Event()

    def slow(*_: object) -> PushAnswer:
        ends.wait(30)
        raise Refused(ErrorCode.GAP)

    monkeypatch.setattr(Province, "push", slow)
    app = make_app(server.province, Config(parallel=4, patience_s=0.2))

    async def run() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://province") as client:

            async def asked(device: str, path: str) -> tuple[int, str]:
                answer = await client.post(path, content=b"", headers={VERSION: "1", DEVICE: device})
                return answer.status_code, answer.json().get("detail", "")

            first = [asyncio.create_task(asked("one", "/v1/push")) for _ in range(2)]
            await asyncio.sleep(0.1)
            assert await asked("one", "/v1/push") == (429, "device")
            assert await asked("two", "/v1/pull") == (401, "")
            ends.set()
            assert [await task for task in first] == [(409, "")] * 2
            assert await asked("one", "/v1/push") == (409, "")

    asyncio.run(run())


def test_a_busy_server_says_so_before_it_reads_a_body(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-3.3: a station's line is slow; what is to be sent again anyway is not sent first."""
    let_go, touched = Event(), list[bytes]()
    told = server.province.hello()

    def hello(_: Province) -> object:
        let_go.wait(20)
        return told

    monkeypatch.setattr(Province, "hello", hello)

    async def body() -> AsyncIterator[bytes]:
        touched.append(b"x")
        yield b"x"

    async def run() -> httpx.Response:
        app = make_app(server.province, Config(parallel=1, patience_s=0.05))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://province"
        ) as client:
            holds = asyncio.create_task(client.get("/v1/hello"))
            await asyncio.sleep(0.1)
            answer = await client.post("/v1/push", content=body(), headers={VERSION: "1"})
            let_go.set()
            assert (await holds).status_code == 200
            return answer

    answer = asyncio.run(run())
    assert answer.status_code == 429 and answer.json()["error"] == "busy" and answer.json()["retry_after_s"]
    assert touched == []


def test_a_client_that_sends_a_byte_an_hour_holds_no_place(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("province.web.reading._PATIENCE_S", 0.05)

    async def run() -> httpx.Response:
        async def drip() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x"
                await asyncio.sleep(0.02)

        app = make_app(server.province, Config())
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://province"
        ) as client:
            return await client.post("/v1/pull", content=drip(), headers={VERSION: "1"})

    answer = asyncio.run(run())
    assert answer.status_code == 400 and answer.json()["detail"] == "slow"


def test_a_slow_line_holds_no_place_of_those_worked_on(server: Server) -> None:
    """At 2 KB/s it was within every limit, and with a body of 2 MB held a place for a quarter of an hour."""

    async def run() -> list[int]:
        async def drip() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"x" * 200
                await asyncio.sleep(0.1)

        app = make_app(server.province, Config(parallel=1, patience_s=0.2))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://province"
        ) as client:
            said = {VERSION: "1"}
            slow = [asyncio.create_task(client.post("/v1/pull", content=drip(), headers=said)) for _ in "ab"]
            await asyncio.sleep(0.3)
            quick = await client.post("/v1/pull", content=b"x", headers=said)
            return [quick.status_code, *[(await task).status_code for task in slow]]

    assert asyncio.run(run()) == [401, 401, 401]


def test_where_too_many_bodies_come_in_the_slowest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("province.web.reading._SETTLED_S", 0.05)

    def request(pieces: AsyncIterator[bytes]) -> Request:
        async def receive() -> dict[str, object]:
            piece = await anext(pieces, None)
            return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

        scope = {"type": "http", "method": "POST", "path": "/v1/pull", "query_string": b"",
                 "headers": [(VERSION.lower().encode(), b"1")]}  # fmt: skip
        return Request(scope, receive)

    async def pieces(size: int) -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * size
            await asyncio.sleep(0.05)

    async def run() -> list[object]:
        readers = Readers(2)
        tasks = [asyncio.create_task(read_request(request(pieces(n)), readers)) for n in (1, 100)]
        await asyncio.sleep(0.12)
        tasks += [asyncio.create_task(read_request(request(pieces(50)), readers))]
        await asyncio.sleep(0.01)
        with pytest.raises(Refused, match="busy"):
            monkeypatch.setattr("province.web.reading._SETTLED_S", 9.0)
            await read_request(request(pieces(50)), readers)
        return await asyncio.gather(*tasks, return_exceptions=True)

    slow, quick, late = asyncio.run(run())
    assert isinstance(slow, Refused) and slow.detail == "slow"
    assert isinstance(quick, Asked) and len(quick.body) == 1000
    assert isinstance(late, Asked) and len(late.body) == 500


def test_one_key_with_two_codes_at_once_is_one_machine(db: Database) -> None:
    """Neither saw the other's row, and the second was told 5xx."""
    server = Server(db)
    for _ in range(5):
        codes, key = [server.code(), server.code()], new_device_key()
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda code, key=key: Device(server, key).enrol(code), codes))
        assert {a.status_code for a in answers} == {200}
        assert len({Enrolled.model_validate_json(a.content).device for a in answers}) == 1


def test_names_made_up_at_one_address_come_to_an_end(db: Database) -> None:
    """Each was a machine of its own, with a minute of its own."""
    province = Province(db, lambda: NOW, lambda: "id")
    http = Http(make_app(province, Config(per_minute=2)))
    headers = {VERSION: "1", NONCE: "x", SIGNATURE: "00"}

    def ask(name: str) -> int:
        return http.post("/v1/pull", content=b"{}", headers={**headers, DEVICE: name}).status_code

    assert [ask(f"name-{n}") for n in range(25)] == [401] * 20 + [429] * 5
    assert http.get("/v1/hello").status_code == 429
