"""The ledger's line of somebody with two files counts what stands in both, whatever came in which way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, Subject
from jobdesk.host.template_files import service_rules
from jobdesk.services.bulk import put_on_list, take_off_list
from jobdesk.services.case_files import case_file
from jobdesk.services.desk import case_subject
from jobdesk.services.editing import add_record, change
from jobdesk.services.listing import Rules, find
from jobdesk.services.merging import merge, unmerge
from jobdesk.services.registering import Child, register
from jobdesk.services.station_rules import station_rules
from jobdesk.services.undoing import undo_action
from jobdesk.store import merged, reads, taking_in
from jobdesk.store.check import check_station
from jobdesk.store.ledger import LedgerQuery, lists_in_use
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.store.migrating import refold
from jobdesk.store.projection import CASE_COLUMNS
from tests.stations import Made, make_station

SERVICE = {"type": "ZYZD", "served_on": "2026-06-01", "channel": "visit", "engagement": "joined",
           "next_contact": "2026-07-20"}  # fmt: skip
HARDSHIP = {"category": "JL2", "state": "recognised", "since": "2026-06-05", "source": "document"}
JOB = {"since": "2026-06-20", "form": "10", "unit": "永春五金厂"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = make_station(tmp_path, FixedClock.at(2026, 7, 15))
    yield found
    found.station.close()


def two_files(made: Made) -> tuple[str, str]:
    """Somebody with two files; the first holds a name, the second what was done."""
    kept = register(made.desk, {"name": "周岩"}).result().case_id
    children = [
        Child("service", dict(SERVICE)),
        Child("recognition", dict(HARDSHIP)),
        Child("placement", dict(JOB)),
    ]
    values = {"name": "周 岩", "phone": "19900000077"}
    return kept, register(made.desk, values, children).result().case_id


def line(con: Connection, case_id: str) -> dict[str, object]:
    row = con.execute(
        f"SELECT {','.join(CASE_COLUMNS)} FROM case_row WHERE case_id = ?", (case_id,)
    ).fetchone()
    return dict(zip(CASE_COLUMNS, row, strict=True))


def shown(made: Made, case_id: str) -> dict[str, object]:
    return made.desk.read(lambda con: line(con, case_id)).result()


def holds(made: Made) -> None:
    wrong = [
        c for c in check_station(made.station, backups=False) if not c.ok and c.name in ("rows", "search")
    ]
    assert wrong == []


def ids(made: Made, **query: object) -> tuple[str, ...]:
    def job(con: Connection) -> tuple[str, ...]:
        rules = Rules(station_rules(con, made.desk).template, service_rules(), made.desk.today)
        return find(con, LedgerQuery(**query), rules).page.ids  # pyright: ignore[reportArgumentType]

    return made.desk.read(job).result()


def test_columns_chips_and_filters_count_both_files(made: Made) -> None:
    kept, other = two_files(made)
    before = shown(made, kept)
    merge(made.desk, kept, other, "同一人").result()
    after = shown(made, kept)
    assert after["employer"] == "永春五金厂" and before["employer"] == ""
    assert after["next_contact"] == "2026-07-20" and after["last_contact"] == "2026-06-01"
    assert after["is_hardship"] == 1 and "hardship" in str(after["categories"])
    assert after["completeness"] != before["completeness"] or after["missing"] != before["missing"]
    assert ids(made, category="hardship") == (kept,)
    assert ids(made, next_from="2026-07-20", next_until="2026-07-20") == (kept,)
    page = made.desk.read(lambda con: case_file(con, made.desk, kept)).result()
    assert (after["completeness"], after["employer"]) == (page.summary.percent, page.summary.employer)
    holds(made)


def test_the_counts_beside_the_chips_are_of_people(made: Made) -> None:
    kept, other = two_files(made)
    add_record(made.desk, Subject("case", kept), "recognition", dict(HARDSHIP)).result()
    merge(made.desk, kept, other, "同一人").result()

    def job(con: Connection) -> dict[str, int]:
        rules = Rules(station_rules(con, made.desk).template, service_rules(), made.desk.today)
        return dict(find(con, LedgerQuery(), rules).page.categories)

    assert made.desk.read(job).result()["hardship"] == 1


def test_what_is_written_in_the_other_file_stands_on_the_line_at_once(made: Made) -> None:
    kept, other = two_files(made)
    merge(made.desk, kept, other, "同一人").result()
    later = {**JOB, "since": "2026-07-01", "unit": "和平商店"}
    done = add_record(made.desk, Subject("case", other), "placement", later).result()
    assert Subject("case", kept) in done.subjects  # a list on screen reads the line again
    assert shown(made, kept)["employer"] == "和平商店"
    holds(made)
    undo_action(made.desk, done.action_id).result()
    assert shown(made, kept)["employer"] == "永春五金厂"
    holds(made)


def test_taken_apart_each_line_is_what_it_was(made: Made) -> None:
    kept, other = two_files(made)
    before = shown(made, kept), shown(made, other)
    merge(made.desk, kept, other, "同一人").result()
    holds(made)
    unmerge(made.desk, other, "不是同一人").result()
    assert (shown(made, kept), shown(made, other)) == before
    holds(made)


def test_somebody_is_found_by_the_words_of_both_files(made: Made) -> None:
    kept, other = two_files(made)
    merge(made.desk, kept, other, "同一人").result()
    assert ids(made, text="19900000077") == ids(made, text="永春五金厂") == (kept,)


def test_a_list_on_which_one_of_the_files_stands(made: Made) -> None:
    kept, other = two_files(made)
    put_on_list(made.desk, [other], "七月招聘会").result()
    merge(made.desk, kept, other, "同一人").result()
    assert ids(made, in_list="七月招聘会") == (kept,)
    assert made.desk.read(lists_in_use).result() == [("七月招聘会", 1)]
    assert take_off_list(made.desk, [kept], "七月招聘会").result().changed == 1
    assert ids(made, in_list="七月招聘会") == ()
    holds(made)


def test_rows_made_anew_are_the_same(made: Made) -> None:
    kept, other = two_files(made)
    merge(made.desk, kept, other, "同一人").result()
    before = shown(made, kept)
    made.station.file.write(lambda w: refold(w.con)).result()
    assert shown(made, kept) == before
    holds(made)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_come_from_elsewhere(
    made: Made, tmp_path: Path, order: tuple[int, ...]
) -> None:
    kept, other = two_files(made)
    merge(made.desk, kept, other, "同一人").result()
    wanted = shown(made, kept)

    def parts(con: Connection) -> list[list[bytes]]:
        late = [op for op in ops_of_subject(con, other) if op.kind is Kind.MERGED]
        first = [op for op in ops_of_subject(con, other) if op.kind is not Kind.MERGED]
        return [[encode(op) for op in some] for some in (ops_of_subject(con, kept), first, late)]

    pages = made.desk.read(parts).result()
    (tmp_path / "there").mkdir()
    there = make_station(tmp_path / "there", FixedClock.at(2026, 7, 15))
    try:
        for n in order:
            read = taking_in.read_lines(pages[n])
            there.station.file.write(lambda w, read=read: taking_in.absorb(w, read, 0)).result()
        assert shown(there, kept) == wanted
        holds(there)
        there.station.file.write(lambda w: refold(w.con)).result()
        assert shown(there, kept) == wanted
    finally:
        there.station.close()


def point(made: Made, alias: str, target: str | None) -> None:
    """As two desks may leave it that merged apart from each other: no service here would."""

    def job(w: object) -> object:
        state = reads.case_state(w.con, alias)  # pyright: ignore
        kind = Kind.MERGED if target else Kind.UNMERGED
        op = change(case_subject(alias), state.root, {"merged_into": target}, kind=kind, reason="同一人")
        return w.append(made.desk.actor, [op] if op else [])  # pyright: ignore

    made.desk.write(job).result()


def test_a_file_that_points_to_one_that_points_on_and_files_in_a_ring(made: Made) -> None:
    people = [register(made.desk, {"name": f"周{n}"}).result().case_id for n in range(4)]
    for n, one in enumerate(people):
        unit = {**JOB, "since": f"2026-06-0{n + 1}", "unit": f"{n}号厂"}
        add_record(made.desk, Subject("case", one), "placement", unit).result()
    a, b, c, _ = people
    point(made, a, b)
    point(made, b, c)
    assert made.desk.read(lambda con: merged.pairs(con, (c,))).result() == {a: c, b: c}
    page = made.desk.read(lambda con: case_file(con, made.desk, c)).result()
    assert {h.record.text("unit") for h in page.held("placement")} == {"0号厂", "1号厂", "2号厂"}
    holds(made)
    draw = Random(4)
    for _ in range(40):
        point(made, draw.choice(people), draw.choice([*people, None, None]))
        holds(made)
    last = {p: shown(made, p) for p in people}
    made.station.file.write(lambda w: refold(w.con)).result()
    assert {p: shown(made, p) for p in people} == last
