"""A new PC of a station that exists, contents up and down, transfers of what the station has."""

from __future__ import annotations

from concurrent.futures import wait
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Kind, Subject, fields_set, opened
from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.messages import BootstrapHead
from jobdesk.store import local, sync_blobs, sync_state, sync_told
from jobdesk.store.log import ops_of_subject
from jobdesk.store.station_file import Writing
from jobdesk.sync import bootstrap, pages_ahead
from jobdesk.sync.transport import Answered
from province import contents
from tests.sync.ground import PC, Server, same


def filled(one: PC, cases: int = 12) -> None:
    one.enrol()
    for n in range(cases):
        one.open_case(f"c{n}")
        one.set(f"c{n}", phone=f"199{n:08}")
        one.serve(f"c{n}", "电话联系")
    one.sync_well()


@pytest.mark.parametrize("ahead", [False, True])
def test_open_files_come_first_and_can_be_worked_with(
    server: Server, pcs: tuple[PC, PC], ahead: bool
) -> None:
    one, two = pcs
    filled(one)
    state = one.case("c0")
    end = fields_set(state.subject, "case", "c0", {"help_state": "ended"}, state.root.bases("help_state"),
                     kind=Kind.HELP_ENDED)  # fmt: skip
    one.desk.act([end]).result()
    one.sync_well()
    two.enrol()
    seen: list[int] = []

    def fault(n: int) -> str:
        pulls = sum(p == "/v1/bootstrap" for p in two.wire.paths)
        return "lost" if pulls == 4 and two.wire.paths[-1] == "/v1/bootstrap" else ""

    two.wire.fault = fault
    receipt = two.sync(page_bytes=1500, progress=lambda p: seen.append(p.done), ahead=ahead)
    assert receipt.error == "no_line"
    here = [n for n in range(12) if two.case(f"c{n}").exists]
    assert here and len(here) < 12 and not two.case("c0").exists
    assert two.station.file.read(lambda con: sync_state.streams(con)[0].loading).result() is not None
    two.wire.fault = lambda _n: ""
    two.set(f"c{here[0]}", address="here already")
    one.serve("c3", "after it")
    one.sync_well()
    two.reopen()
    before = len(two.wire.paths)
    two.sync_well()
    assert "/v1/bootstrap" in two.wire.paths[before:]
    one.sync_well()
    two.sync_well()
    same(server, one, two)
    assert one.case(f"c{here[0]}").root.text("address") == "here already"


def test_pages_that_have_come_are_taken_in_together_while_nobody_waits(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    filled(one)
    two.enrol()
    came = pages_ahead.Pages.next

    def all_there(pages: pages_ahead.Pages) -> pages_ahead.Page:
        page = came(pages)
        wait(list(pages._asked))  # type: ignore[reportPrivateUsage]
        return page

    monkeypatch.setattr(pages_ahead.Pages, "next", all_there)
    together: list[int] = []
    whole = bootstrap._Taking.run  # type: ignore[reportPrivateUsage]

    def told(job: bootstrap._Taking, w: Writing, page: pages_ahead.Page) -> None:  # type: ignore[reportPrivateUsage]
        if len(together) == 1:
            two.station.file.write(lambda _w: None)  # somebody saves while this one is under way
        whole(job, w, page)
        together.append(len(job.taken))

    monkeypatch.setattr(bootstrap._Taking, "run", told)  # type: ignore[reportPrivateUsage]
    assert two.sync(page_bytes=1500, ahead=True).agreed
    assert together[:4] == [1, 1, 4, sum(together) - 6] and sum(together) >= 8
    one.sync_well()
    same(server, one, two)


def test_a_subject_cut_into_many_pages_is_whole_in_the_end(server: Server, pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    filled(one, 3)
    two.enrol()
    assert two.sync(page_bytes=1, ahead=True).agreed
    assert two.wire.paths.count("/v1/bootstrap") >= 9
    one.sync_well()
    same(server, one, two)


def test_a_server_that_is_busy_in_the_middle_is_gone_on_with(server: Server, pcs: tuple[PC, PC]) -> None:
    """What had come was taken for a place that the server does not know: all of it was pulled from the beginning."""
    one, two = pcs
    filled(one)
    two.enrol()
    two.wire.fault = lambda _n: "busy" if two.wire.paths.count("/v1/bootstrap") > 3 else ""
    receipt = two.sync(page_bytes=1500)
    assert receipt.error == "sync_busy" and receipt.repaired == []
    two.wire.fault = lambda _n: ""
    receipt = two.sync(page_bytes=1500)
    assert receipt.agreed and receipt.repaired == []
    one.sync_well()
    same(server, one, two)


def test_what_was_apart_and_is_listed_by_now_is_told_so_by_a_stream_that_comes_whole(
    server: Server, pcs: tuple[PC, PC]
) -> None:
    """Its notice was of a server whose clock was a year behind, and no page brought it (seed 91500139)."""
    one, _ = pcs
    filled(one)
    (first, *_) = one.station.file.read(lambda con: ops_of_subject(con, "c0")).result()
    replica = one.station.file.read(sync_state.current_replica).result()

    def job(w: Writing) -> None:
        for action in (first.action_id, "elsewhere"):
            sync_told.put_apart(w.con, action, replica, "newer_schema", 1)
        sync_state.restart_stream(w.con, "a")

    one.station.file.write(job).result()
    one.sync_well()
    (left,) = one.station.file.read(sync_told.apart).result()
    assert left.action == "elsewhere"


def test_a_page_that_went_wrong_ends_the_pages_at_its_place(pcs: tuple[PC, PC]) -> None:
    one, two = pcs
    filled(one)
    two.enrol()
    whole = two.wire.server.answer

    def short(method: str, path: str, headers: object, body: bytes) -> object:
        answer = whole(method, path, headers, body)  # type: ignore[arg-type]
        if path != "/v1/bootstrap" or two.wire.paths.count("/v1/bootstrap") != 6:
            return answer
        head, lines = read_body(answer.body, BootstrapHead)
        return Answered(200, write_lines(head, lines[:-1]))

    two.wire.server.answer = short  # type: ignore[method-assign]
    assert two.sync(page_bytes=1500, ahead=True).error == "sync_page_damaged"
    assert any(two.case(f"c{n}").exists for n in range(12))
    two.wire.server.answer = whole  # type: ignore[method-assign]
    assert two.sync(page_bytes=1500, ahead=True).agreed


def test_a_bootstrap_that_does_not_add_up_is_pulled_instead(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pcs
    filled(one, 4)
    two.enrol()
    whole = two.wire.server.answer

    def lying(method: str, path: str, headers: object, body: bytes) -> object:
        answer = whole(method, path, headers, body)  # type: ignore[arg-type]
        if path != "/v1/bootstrap":
            return answer
        head, lines = read_body(answer.body, BootstrapHead)
        wrong = head.model_copy(update={"seqs": [*head.seqs[1:], head.seqs[0]]})
        return Answered(200, write_lines(wrong, lines))

    monkeypatch.setattr(server, "answer", lying)
    receipt = two.sync_well()
    assert receipt.repaired == ["digest"] and receipt.agreed
    one.sync_well()
    same(server, one, two)


@pytest.mark.parametrize("lines", ["", "bad"])
def test_contents_go_with_the_operations_that_name_them(
    server: Server, pcs: tuple[PC, PC], tmp_path: Path, lines: str
) -> None:
    one, two = pcs
    server.province.store = contents.Store(tmp_path / "contents")
    one.open_case("c1")
    one.enrol().sync_well()
    two.enrol().sync_well()
    content = bytes(range(256)) * 12_000
    subject = Subject("case", "c1")

    def attach(w: object) -> None:
        digest = local.put_blob(w.con, content)  # type: ignore[attr-defined]
        op = opened(subject, "attachment", "att-1", {"name": "证明.pdf", "digest": digest, "size": len(content)},
                    kind=Kind.ATTACHMENT_ADDED)  # fmt: skip
        w.append(one.staff, [op])  # type: ignore[attr-defined]

    one.desk.write(attach).result()
    if lines:
        one.wire.fault = lambda n: "answer_lost" if n % 4 == 0 else ""
        for _ in range(6):
            one.sync()
        one.wire.fault = lambda _n: ""
    receipt = one.sync_well()
    assert lines or receipt.contents_sent == 1
    assert two.sync_well().contents_came == 1
    assert two.desk.read(lambda con: local.blob(con, local.digest(content))).result() == content
    assert two.sync_well().contents_came == 0
    assert two.desk.read(sync_blobs.unsent).result() == [] == two.desk.read(sync_blobs.wanted).result()
    same(server, one, two)


def test_an_operation_of_a_newer_program_is_kept_until_it_can_be_read(
    server: Server, pcs: tuple[PC, PC], monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobdesk.cases.errors import BadInput
    from jobdesk.store import taking_in
    from jobdesk.sync import engine

    one, two = pcs
    one.enrol().sync_well()
    two.enrol().sync_well()
    one.open_case("c1")
    one.serve("c1", "new")
    one.sync_well()
    whole = taking_in.assembled

    def older(head: list[object], salt: str, body: str | None, spelled: bytes = b"") -> object:
        if "service" in (body or ""):
            raise BadInput("op_unreadable")
        return whole(head, salt, body)

    monkeypatch.setattr(taking_in, "assembled", older)
    two.sync_well()
    assert two.case("c1").exists and not two.case("c1").of("service")
    assert two.digest() == server.digest()
    monkeypatch.setattr(taking_in, "assembled", whole)
    monkeypatch.setattr(engine, "__version__", "99.0")
    two.sync_well()
    assert len(two.case("c1").of("service")) == 1
    one.sync_well()
    same(server, one, two)


def test_a_stream_is_checked_with_the_file(server: Server, pcs: tuple[PC, PC]) -> None:
    one, _ = pcs
    filled(one, 2)
    assert one.faults() == []
    one.station.file.write(lambda w: w.con.execute("DELETE FROM stream_op WHERE seq = 3")).result()
    assert [f.split(":")[0] for f in one.faults()] == ["streams"]


def test_clock_of_nobody_moves_a_validity(server: Server, pcs: tuple[PC, PC], clock: FixedClock) -> None:
    """A PC that was switched off for a year renews with its key (M-2.6)."""
    one, _ = pcs
    one.enrol().sync_well()
    clock.tick(370 * 24 * 3600 * 1000)
    one.open_case("c1")
    one.sync_well()
    same(server, one)
