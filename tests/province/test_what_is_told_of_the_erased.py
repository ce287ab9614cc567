"""Who is told that somebody was erased: for how long (M-6.10), and in the answer to a push of nothing (M-7.3); and
that a desk above erases (M-7.1).
"""

from __future__ import annotations

from jobdesk.cases.ops import Kind, NewOp, Subject
from jobdesk.protocol.codes import Reason, Verdict
from jobdesk.protocol.messages import Notice
from province import notices
from province.db.engine import Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import ask, case, number, pulled
from tests.province.test_strays import enrolled

DAY_MS = 24 * 3600 * 1000


def erase(desk: DeskHere, subject: str) -> None:
    desk.act(new=[NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"})])
    desk.push()


def over(desk: DeskHere, days: float) -> list[Notice]:
    with desk.db.reading(desk.caller().nums) as con:
        return [n for n in notices.of(con, desk.caller(), int(NOW + days * DAY_MS)) if n.why == "erased"]


def test_both_sides_hear_for_a_year_that_he_is_erased(db: Database) -> None:
    """Also the station that has another file of his number, and never had this one."""
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    case(a, "asked", name="张某")
    case(a, "twin", name="李某", id_number=number(1))
    a.push()
    case(b, "other", name="李某", id_number=number(1))
    b.push()
    ask(b, id="n1", step="request", subject="asked", to="b", text="户籍已迁来")
    for subject in ("asked", "twin"):
        erase(a, subject)
    first = {d.org: {n.id: n for n in over(d, 0)} for d in (a, b)}
    assert {s for n in first["b"].values() for s in n.subjects} == {"asked", "twin"}
    assert {s for n in first["a"].values() for s in n.subjects} >= {"asked"}
    assert all(n.kind == "transfer_over" and len(n.subjects) == 1 for d in first.values() for n in d.values())
    for days in (1, 89, 91, 364.9, 365.9):
        for desk in (a, b):
            assert {n.id: n for n in over(desk, days)} == first[desk.org], (desk.org, days)


def test_a_push_of_nothing_is_told_whom_of_its_own_was_kept_apart(db: Database) -> None:
    """A desk above may see no stream that tells: what it wrote of somebody outside its scope stood there for good."""
    a = enrolled(db, DeskHere(db, "a", "r1"))
    county, other = (enrolled(db, DeskHere(db, "220102", r, "county")) for r in ("r3", "r4"))
    a.act("somebody")
    for desk in (county, other):
        desk.act("p" if desk is county else "living")
        assert [v.reason for v in desk.push().verdicts] == [Reason.OUT_OF_SCOPE]
    for subject in ("p", "living"):
        case(a, subject, name="张某")
    a.push()
    assert county.push([]).told == set()
    erase(a, "p")
    assert county.push([]).told == county.push([]).told == {"p"}
    assert other.push([]).told == a.push([]).told == set()


def test_a_desk_above_erases(db: Database) -> None:
    a, county = enrolled(db, DeskHere(db, "a", "r1")), enrolled(db, DeskHere(db, "220102", "r3", "county"))
    case(a, "p", name="隐私")
    a.push()
    county.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    assert [v.verdict for v in county.push().verdicts] == [Verdict.ACCEPTED]
    pulled(a, "a")
    assert not any("隐私".encode() in line for line in a.pulled["a"])
