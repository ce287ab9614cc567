"""Which operations may tell a restricted fact: by code, by word, by nature; and how an action is parted."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobdesk.cases import schema
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.fold import fold
from jobdesk.cases.ids import seeded_ids
from jobdesk.cases.ops import Json, Kind, NewOp, Op, Subject, fields_set, opened, withdrawn
from jobdesk.cases.restricting import Restricting
from jobdesk.host import assets, code_lists
from jobdesk.host.restricted import restricting
from jobdesk.store.log import Log, Tip
from province import withholding

CASE = Subject("case", "c1")
RULE = restricting()
CODES, tells, composed = RULE.codes, RULE.tells, RULE.composed


def test_what_the_code_lists_mark() -> None:
    """Spelled out once more: a mark that is lost tells a county who was in prison."""
    assert {name: set(codes) for name, codes in CODES.items()} == {
        "absence_kind": {"custody"},
        "deregistration_reason": {"25"},
        "end_of_help": {"imprisoned"},
        "groups": {"drug_recovery", "released"},
        "hardship_system": {"11"},
        "member_state": {"inmate"},
        "paper_hardship": {"⑧"},
        "paper_unemployment": {"⒀"},
        "person_category": {"80"},
        "recognition_exit": {"custody"},
        "unemployment_reason": {"12"},
    }
    for table in code_lists.table_ids():
        marked = {e.code for e in code_lists.table(table).entries if e.restricted}
        assert marked == CODES.get(table, set()), table


def test_a_server_reads_the_same_and_neither_takes_none(tmp_path: Path) -> None:
    mine = withholding.RESTRICTING
    assert (mine.codes, mine.words) == (RULE.codes, RULE.words)
    assert mine.tells({"record": "held_row"}) and mine.may_tell("group", "since")
    with pytest.raises(FileNotFoundError):
        withholding.read(tmp_path / "province")
    for codes, words in (({}, ("刑满",)), ({"groups": frozenset({"released"})}, ())):
        with pytest.raises(ValueError, match="nothing"):
            Restricting(codes, words)


def test_words_are_words_and_no_patterns() -> None:
    mine = Restricting({"groups": frozenset({"released"})}, ("某.狱",))
    assert mine.says("在某.狱") and not mine.says("在某监狱")


def test_the_data_says_where_it_is_from() -> None:
    said = assets.toml("restricted.toml")
    assert said["source"]["document"] and said["source"]["clause"] and said["status"] == "own"
    assert said["valid_from"] and "valid_to" not in said, (
        "what told it once tells it in old operations for ever"
    )


def test_every_name_of_a_restricted_code_and_every_word_of_the_import_is_heard() -> None:
    """A cell that nobody matched is kept as it was typed."""
    parts = assets.toml("layouts/reading.toml")["words"]["restricted"]["parts"]
    names = [n for t, codes in CODES.items() for c in codes
             if (e := code_lists.table(t).get(c)) for n in (e.name, *e.aliases)]  # fmt: skip
    for text in (*parts, *names):
        assert tells({"record": "case", "id": "c1", "set": {"note": f"据说{text}"}}), text
    assert len(set(RULE.words)) == len(RULE.words)


FIELDS = [
    (record, f.name, code)
    for record, fields in schema.RECORDS.items() for f in fields for code in sorted(CODES.get(f.table, ()))
]  # fmt: skip


@pytest.mark.parametrize(("record", "name", "code"), FIELDS)
def test_every_field_that_can_hold_a_restricted_code(record: str, name: str, code: str) -> None:
    body: dict[str, Json] = {"record": record, "id": "r"}
    assert tells({**body, "set": {name: code}, "bases": {name: []}})
    assert tells({**body, "set": {}, "add": {name: [code]}})
    assert tells({**body, "set": {}, "drop": {name: [[code, ["op-1"]]]}})
    assert tells({**body, "set": {"snapshot": {"facts": [{"name": name, "value": code}]}}})
    assert tells({**body, "set": {"snapshot": {"facts": [{name: code}]}}})
    proof: dict[str, Json] = {"field": name, "value": code}
    assert tells({"record": "proof", "id": "r", "set": proof})


def test_there_are_such_fields() -> None:
    assert {"registration", "recognition", "absence", "group", "case", "household", "member"} <= {
        r for r, _, _ in FIELDS
    }


@pytest.mark.parametrize(
    "body",
    [
        {"record": "registration", "id": "r", "set": {"reason": "11", "since": "2026-01-12"}},
        {"record": "registration", "id": "r", "set": {"application_no": "12", "end_reason": "12"}},
        {"record": "registration", "id": "r", "set": {"reason": None}, "bases": {"reason": ["o"]}},
        {"record": "member", "id": "m", "set": {"state": "student", "birth_year": 1980}},
        {"ops": ["o1"], "reason": "录错"},
        {"reason": "request"},
    ],
)
def test_what_tells_nothing(body: dict[str, Json]) -> None:
    assert not tells(body)


def test_rows_as_they_came_and_words_of_a_reason() -> None:
    assert tells({"record": "held_row", "id": "h", "set": {"cells": ["甲"]}})
    assert tells({"ops": ["o1"], "reason": "戒毒所来电"})
    assert not tells(None)


# ---------------------------------------------------------------------- parting


def parts(op: NewOp) -> list[dict[str, Json]]:
    return [dict(o.payload) for o in composed([op])]


def test_a_registration_without_its_reason_goes_by_itself() -> None:
    values: dict[str, Json] = {"since": "2026-03", "reason": "12", "note": "来站登记"}
    plain, kept = parts(opened(CASE, "registration", "r1", values, import_id="i1"))
    assert plain["set"] == {"since": "2026-03", "note": "来站登记"} and plain["import"] == "i1"
    assert kept == {"record": "registration", "id": "r1", "import": "i1", "set": {"reason": "12"},
                    "bases": {"reason": []}}  # fmt: skip


def test_an_end_of_help_stays_one_and_its_bases_go_with_their_fields() -> None:
    op = fields_set(CASE, "case", "c1", {"help_state": "ended", "help_reason": "imprisoned"},
                    {"help_state": ["a"], "help_reason": ["b", "c"]}, kind=Kind.HELP_ENDED)  # fmt: skip
    plain, kept = composed([op])
    assert plain.kind is Kind.HELP_ENDED and plain.payload["bases"] == {"help_state": ["a"]}
    assert kept.kind is Kind.FIELDS_SET and kept.payload["bases"] == {"help_reason": ["b", "c"]}
    assert not tells(plain.payload) and tells(kept.payload)


@pytest.mark.parametrize(
    "op",
    [
        opened(CASE, "group", "g", {"kind": "released", "since": "2026", "authority": "某处"}),
        opened(CASE, "absence", "x", {"kind": "custody", "since": "2026-02"}),
        fields_set(CASE, "case", "c1", {"help_reason": "imprisoned"}, {}, kind=Kind.CONFLICT_SETTLED),
        withdrawn(CASE, ["o1"], reason="社区矫正"),
        opened(Subject("import", "i"), "held_row", "h", {"cells": ["甲"], "sheet": "1"}),
        opened(CASE, "registration", "r", {"since": "2026"}, reason="刑释"),
    ],
)
def test_what_is_about_it_stays_whole(op: NewOp) -> None:
    assert composed([op]) == [op] and tells(op.payload)


def test_an_action_never_grows_beyond_its_limit() -> None:
    ops = [opened(CASE, "registration", f"r{n}", {"since": "2026", "reason": "12"}) for n in range(4)]
    assert len(composed(ops, 5)) == 5 and len(composed(ops, 4)) == 4 and len(composed(ops)) == 8
    assert all(tells(o.payload) for o in composed(ops, 4))


def test_the_fold_of_the_parts_is_that_of_the_whole() -> None:
    values: dict[str, Json] = {"since": "2026-03", "reason": "12"}
    whole = [opened(CASE, "case", "c1", {"name": "某甲"}), opened(CASE, "registration", "r1", values)]
    states = [fold(_stamped(ops)) for ops in (whole, composed(whole))]
    assert [s.records[("registration", "r1")].values() for s in states] == [values, values]


def _stamped(ops: list[NewOp]) -> list[Op]:
    clock = FixedClock.at(2026, 7, 15)
    log = Log(Tip("r1", 0, GENESIS, (0, 0)), clock, seeded_ids(1, clock))
    return log.stamp_all(ops, "staff", "act")[0]
