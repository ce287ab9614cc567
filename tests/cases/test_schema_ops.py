"""The tables from kind to rule, text and word have no holes, and bodies are built as the fold reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desks import CASE, ROOT, Desk

from jobdesk.cases import schema
from jobdesk.cases.history import history
from jobdesk.cases.ops import RULES, Kind, NewOp, Shape, fields_set, opened, withdrawn
from jobdesk.cases.schema import FieldType
from jobdesk.host import strings
from jobdesk.host.restricted import restricting

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def glossary() -> dict[str, str]:
    """Code name → word on screen."""
    rows = re.findall(r"^\|[^|]+\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", GLOSSARY.read_text("utf-8"), re.M)
    assert len(rows) == len(dict(rows)), "one line per thing"
    return dict(rows)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_rule_a_sentence_and_a_word(kind: Kind) -> None:
    rule = RULES[kind]
    assert rule.permission
    assert "某人" in strings.text(f"history.{rule.text}", who="某人", what="内容")
    assert glossary()[kind.value].strip()


@pytest.mark.parametrize("record", sorted(schema.RECORDS))
def test_every_record_has_a_word(record: str) -> None:
    assert glossary()[record].strip()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_told_in_the_history(kind: Kind) -> None:
    desk = Desk("x")
    desk.open_case(name="王某")
    body = {
        Shape.OPEN: opened(CASE, "service", "s1", {"content": "a"}),
        Shape.SET: fields_set(CASE, *ROOT, {"phone": "1"}, {}),
        Shape.WITHDRAW: withdrawn(CASE, ["x-0001"]),
        Shape.ERASE: NewOp(kind, CASE, {}),
    }[RULES[kind].shape]
    desk.commit([NewOp(kind, CASE, body.payload)])
    entry = history(desk.log.values(), restricting())[0]
    assert (entry.kind, entry.text) == (kind, RULES[kind].text)


def test_kinds_are_written_as_they_were_frozen() -> None:
    assert {k.value for k in Kind} >= {
        "Opened", "FieldsSet", "ServiceRecorded", "RecordCorrected", "PlanAgreed", "HelpEnded", "HelpResumed",
        "Merged", "Unmerged", "Transferred", "AttachmentAdded", "ConflictSettled", "Undone", "Withdrawn", "Erased",
    }  # fmt: skip


def test_every_record_belongs_to_a_subject_and_every_subject_has_a_root() -> None:
    children = {c for kinds in schema.CHILDREN.values() for c in kinds}
    assert children | schema.CHILDREN.keys() == schema.RECORDS.keys()
    assert not children & schema.CHILDREN.keys()


def test_fields_are_named_once_and_coded_fields_name_their_table() -> None:
    for record, fields in schema.RECORDS.items():
        names = [f.name for f in fields]
        assert len(names) == len(set(names)), record
        for f in fields:
            assert f.type is not FieldType.CODE or f.table, f"{record}.{f.name}"
            assert f.type is not FieldType.ID_NUMBER or f.masked, f"{record}.{f.name}"
            assert f.type is not FieldType.PHONE or f.masked, f"{record}.{f.name}"


def test_what_decides_who_a_person_is_waits_for_a_person() -> None:
    critical = {f.name for f in schema.RECORDS["case"] if f.critical}
    assert critical == {"id_number", "name", "birth", "disability"}
    assert schema.is_critical("case", "name") and not schema.is_critical("case", "phone")
    assert not schema.is_critical("case", "unknown") and schema.field("unknown", "x") is None


def test_days_and_moves_speak_of_fields_that_exist() -> None:
    for record, name in [*schema.MAIN_DAY.items(), *schema.MOVES]:
        assert schema.field(record, name), f"{record}.{name}"
    assert schema.day_of("service", {"served_on": "2026-03-01"}) == "2026-03-01"
    assert schema.day_of("service", {"served_on": 5}) is None and schema.day_of("station", {}) is None


def test_a_blank_is_not_a_fact_but_clearing_is() -> None:
    assert opened(CASE, *ROOT, {"name": "王某", "phone": None}).payload["set"] == {"name": "王某"}
    assert fields_set(CASE, *ROOT, {"phone": None}, {}).payload["set"] == {"phone": None}


def test_bases_are_written_for_every_field_and_for_no_other() -> None:
    body = fields_set(CASE, *ROOT, {"phone": "1", "name": "a"}, {"phone": ["o1"], "sex": ["o2"]}).payload
    assert body["bases"] == {"phone": ["o1"], "name": []}


def test_what_is_empty_is_left_out() -> None:
    assert withdrawn(CASE, ["o1"]).payload == {"ops": ["o1"]}
    assert set(opened(CASE, *ROOT, {}, add={"lists": []}).payload) == {"record", "id", "set", "add"}
    assert withdrawn(CASE, ["o1"], fields={"o1": ["b", "a"]}).payload["fields"] == {"o1": ["a", "b"]}
