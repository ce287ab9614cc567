"""The shipped templates, figures and lists say what they are and agree with the code lists."""

from __future__ import annotations

import pytest

from jobdesk.cases import schema
from jobdesk.cases.completeness import CONDITIONS
from jobdesk.host import code_lists, template_files
from jobdesk.host.template_files import UnknownTemplate


def test_the_default_is_jilin_s_first_reading_and_unconfirmed() -> None:
    found = template_files.template()
    assert (found.id, found.status, found.required, found.repeatable) == ("JL-1311-A", "unconfirmed", 6, True)
    assert [(s.code, s.required) for s in found.steps] == [("ZYZD", 1), ("GWTJ", 3), ("JNPX", 1), ("JYJX", 1)]
    assert [t.id for t in template_files.templates()] == ["JL-1311-A", "JL-1311-B", "CN-131", "CN-1131"]
    with pytest.raises(UnknownTemplate):
        template_files.template("JL-9")


def test_steps_and_circles_use_codes_that_exist() -> None:
    types = {e.code for e in code_lists.table("service_type").entries}
    kinds = {e.code for e in code_lists.table("graduate_kind").entries}
    for found in template_files.templates():
        assert found.source.document and found.circle.graduate_kinds <= kinds
        for step in found.steps:
            assert set(step.types) <= types
            assert step.distinct_posts == (step.code == "GWTJ")


def test_rules_use_codes_that_exist() -> None:
    rules = template_files.service_rules()
    assert rules.follow_ups == {"HF"}
    assert rules.attempt_outcomes == {"no_answer", "wrong_number", "not_met"}
    assert rules.own_providers - {""} <= {e.code for e in code_lists.table("provider").entries}
    assert rules.remote_channels <= {e.code for e in code_lists.table("channel").entries}


def test_figures_are_ours_or_unconfirmed_and_say_where() -> None:
    for figure in template_files.figures().by_key.values():
        assert figure.status in ("own", "unconfirmed") and figure.source.clause and figure.value > 0
    changed = template_files.figures().changed({"contact_months": 2, "unknown": 1})
    assert changed["contact_months"].status == "own" and changed.value("unknown") == 0


def test_completeness_asks_for_fields_that_exist() -> None:
    for item in template_files.completeness_items():
        assert item.when in CONDITIONS and item.weight > 0
        assert all(schema.field(item.record, name) for name in item.fields)


def test_groups_on_lists_are_neither_restricted_nor_sensitive() -> None:
    listed = template_files.summary_rules().listed_groups
    assert "veteran" in listed and not listed & {"released", "drug_recovery", "allowance", "disabled"}
