"""A PC that wrote about somebody who had moved away meanwhile hears where its entries went."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.services.moving import answering, asking
from jobdesk.store import sync_told
from jobdesk.store.sync_told import WENT_ALONG, Notice
from jobdesk.ui.sync.notices_state import plain_ones, said
from tests.sync.ground import PC, Server
from tests.sync.test_transfers import ab, colleague, rounds, waits

__all__ = ["ab", "colleague"]


@pytest.fixture
def late(colleague: PC) -> Iterator[PC]:
    yield colleague.enrol("a")


def gone(here: PC, there: PC, target: str = "b") -> None:
    asking.ask_out(here.desk, "c1", target, "搬走").result()
    rounds(here, there, times=1)
    answering.accept(there.desk, waits(there, "transfer_request")[0].id).result()
    rounds(there, here, there, times=1)


def test_what_was_written_without_a_line_is_told_once(ab: tuple[PC, PC], late: PC) -> None:
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    gone(here, there)
    late.set("c1", phone="19912340000")
    late.serve("c1", "电话联系")
    receipt = late.sync_well()
    (notice,) = waits(late)
    assert notice.kind == WENT_ALONG and plain_ones([notice]) and receipt.notices
    words = said(notice)
    assert "王**" in words and "7月1日" in words and "电话" in words and "1 条" in words
    assert "乙站" in words and "19912340000" not in str(notice)
    late.sync_well()
    assert len(waits(late)) == 1
    there.sync_well()
    assert there.case("c1").root.text("phone") == "19912340000"


def test_nobody_is_told_who_wrote_nothing_late(ab: tuple[PC, PC], late: PC) -> None:
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    late.set("c1", phone="19912340000")
    rounds(late, here)
    gone(here, there)
    late.sync_well()
    assert waits(late) == [] and waits(here) == []


def test_who_came_back_and_went_again(ab: tuple[PC, PC], late: PC) -> None:
    """This PC had moved him once itself: of the move that counts it knew nothing."""
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    gone(late, there)
    rounds(here, there)
    gone(there, late, "a")
    rounds(here, there)
    assert here.case("c1").root.text("name") == "王秀兰"
    gone(here, there)
    late.set("c1", phone="19912340000")
    late.sync_well()
    there.sync_well()
    assert there.case("c1").root.text("phone") == "19912340000"
    (notice,) = waits(late)
    assert notice.kind == WENT_ALONG and notice.more["fields"] == ["phone"]


def test_who_moves_him_oneself_is_told_nothing(ab: tuple[PC, PC]) -> None:
    here, there = ab
    here.open_case("c1", "王秀兰")
    gone(here, there)
    rounds(here, there)
    assert [n.kind for n in waits(here) if n.kind == WENT_ALONG] == []


def test_it_is_told_beside_what_a_restored_server_is_given_anew(
    ab: tuple[PC, PC], late: PC, server: Server
) -> None:
    """One operation that the server had lost kept the word about another person's back, for ever."""
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    copy = server.copy("before.db")
    late.open_case("c2", "李小云")
    late.sync_well()
    server.restore(copy, epoch=True)
    gone(here, there)
    late.set("c1", phone="19912340000")
    receipt = late.sync_well()
    assert receipt.refilled_ops
    assert [n.kind for n in waits(late)] == [WENT_ALONG]


def test_what_a_restored_server_is_given_anew_was_not_late(
    ab: tuple[PC, PC], late: PC, server: Server
) -> None:
    """It had been there before the move, which comes back first by its author."""
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    copy = server.copy("before.db")
    late.set("c1", phone="19912340000")
    late.sync_well()
    server.restore(copy, epoch=True)
    gone(here, there)
    assert late.sync_well().refilled_ops
    assert waits(late) == []


def test_of_somebody_erased_nothing_is_told_any_more(ab: tuple[PC, PC], late: PC) -> None:
    """An emptied line stayed: a person without a name had moved nowhere."""
    here, there = ab
    here.open_case("c1", "王秀兰")
    rounds(here, late)
    gone(here, there)
    late.set("c1", phone="19912340000")
    late.sync_well()
    there.sync_well()
    assert len(plain_ones(waits(late))) == 1
    there.desk.act([NewOp(Kind.ERASED, Subject("case", "c1"), {"reason": "request"})]).result()
    rounds(there, late, here, late)
    found = late.station.file.read(sync_told.notices).result()
    assert [said(n) for n in plain_ones(found) if n.kind == WENT_ALONG] == []


def test_of_a_household_it_is_said_that_it_is_none_to_register_anew() -> None:
    """It said 不用重新登记此人 of 谢**户."""
    for kind, name, whom in (("household", "谢长顺", "此户"), ("case", "谢长顺", "此人")):
        more = {"kind": kind, "name": name, "station": "乙站", "on": "2026-07-01", "fields": ["note"]}
        words = said(Notice("n", WENT_ALONG, ("h1",), "", 1, 0, more=more))
        assert words.endswith(f"不用重填，也不用重新登记{whom}。")
