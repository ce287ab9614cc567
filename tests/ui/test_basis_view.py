"""查看依据 of a pack's rule: sentence, source, verdict, every fact in words, what is missing and where."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.facts import facts
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.vocabulary import FACTS, TABLES, judge
from jobdesk.host import code_lists, policy_files
from jobdesk.host.strings import has, text
from jobdesk.ui import basis_view
from jobdesk.ui.case_words import day
from jobdesk.ui.kit import Button, basis_link, show_basis

TODAY = date(2026, 7, 15)
ROOT = {"birth": "1975-03", "hukou_kind": "10", "willingness": "yes"}
HEARD = ("placement", "p1", {"unit": "x", "since": "2026-05-01", "source": "ledger"})


def _shown(went: list[tuple[str, str]]) -> basis_view.Shown:
    at = Situation(
        facts("c", ROOT, [HEARD]), TODAY, policy_files.shipped(), from_sheet=frozenset({"willingness"})
    )
    verdict = judge("registration.may_register", at)
    return basis_view.shown(
        verdict.basis(),
        lambda iso: day(iso, TODAY),
        None,
        lambda part, detail: went.append((part, detail)),
        "李某",
    )


def test_a_verdict_is_told_with_everything_it_read() -> None:
    shown = _shown([])
    assert shown.outcome == "unknown" and shown.status == "unconfirmed"
    entry = policy_files.shipped().on("registration.may_register", TODAY)
    assert entry is not None
    assert (shown.sentence, shown.document, shown.clause) == (
        entry.sentence, entry.source.document, entry.source.clause
    )  # fmt: skip
    assert (text("basis.who"), "李某") in shown.facts and (
        text("basis_date.judged_on"),
        "7月15日",
    ) in shown.facts
    by_name = {f.name: f for f in shown.checked}
    age = by_name[text("fact.age")]
    assert age.value == "51" and "不少于 16" in age.condition and age.outcome == "met" and age.unchecked
    assert (
        by_name[text("fact.willing")].value == text("checked.yes") and by_name[text("fact.willing")].unchecked
    )
    assert by_name[text("fact.employed")].value == text("checked.unverified")
    assert shown.counted == ("5月1日 就业去向",)
    assert any(s.outcome == "met" and "养老" in s.sentence for s in shown.steps)


def test_what_is_missing_leads_to_its_field() -> None:
    went: list[tuple[str, str]] = []
    shown = _shown(went)
    missing = dict(shown.missing)
    assert set(missing) == {text("fact.able"), text("fact.employed"), text("fact.business")}
    for _label, way in missing[text("fact.able")] + missing[text("fact.employed")]:
        way()
    assert went == [("overview", "work_capacity"), ("job", "add:employment"), ("job", "p1")]


def test_the_popover_closes_before_it_leads_elsewhere(qtbot: QtBot) -> None:
    went: list[tuple[str, str]] = []
    link = basis_link()
    qtbot.addWidget(link)
    link.show()
    popover = show_basis(link, _shown(went))
    said = " ".join(label.text() for label in popover.findChildren(QLabel))
    assert text("outcome.unknown") in said and text("basis.missing", count=3) in said
    fill = next(b for b in popover.findChildren(Button) if b.text() == text("basis.fill", field="劳动能力"))
    fill.click()
    assert went == [("overview", "work_capacity")] and popover.isHidden()


def test_every_fact_and_its_codes_have_words() -> None:
    for name in FACTS:
        assert has(f"fact.{name}"), name
    for name, table in TABLES.items():
        assert name in FACTS and code_lists.table(table).entries


def test_a_restricted_group_stays_hidden() -> None:
    at = Situation(facts("c", {}, [("group", "g", {"kind": "released"})]), TODAY, policy_files.shipped())
    from jobdesk.host.fact_words import value_words

    reading = at.read("groups", FACTS["groups"])
    assert isinstance(reading.value, frozenset)
    assert value_words("groups", ",".join(reading.value), str) == text("checked.hidden")


def test_a_reminder_leads_to_the_records_and_fields_it_counted() -> None:
    went: list[tuple[str, str]] = []
    basis = Basis(
        "contact_field", dates=(("next_contact", "2026-07-20"),),
        counted=(Seen("service", "s1"), Seen("service", "s2"), Seen("placement", "p1")),
    )  # fmt: skip
    shown = basis_view.shown(basis, str, None, lambda part, detail: went.append((part, detail)))
    for _words, way in shown.ways:
        way()
    assert went == [("overview", "next_contact"), ("services", ""), ("job", "p1")]
    assert basis_view.shown(basis, str).ways == ()


def test_an_empty_field_is_filled_in_and_not_confirmed() -> None:
    went: list[tuple[str, str]] = []
    at = Situation(facts("c", {"birth": "1977-02-10", "sex": "2"}), TODAY, policy_files.shipped(),
                   supposed=frozenset({"birth"}))  # fmt: skip
    basis = judge("retirement.reached", at).basis()

    def shown(*blank: str) -> basis_view.Shown:
        return basis_view.shown(
            basis, str, None, lambda part, detail: went.append((part, detail)), blank=blank
        )

    def prove(told: basis_view.Shown) -> str:
        (fact,) = told.checked
        assert fact.unchecked and fact.prove is not None
        fact.prove[1]()
        return fact.prove[0]

    assert prove(shown("retirement_type")) == "填写“退休年龄类型”" and went[-1] == (
        "overview",
        "retirement_type",
    )
    assert prove(shown()) == "核对“退休年龄类型”" and went[-1] == ("overview", "prove:retirement_type")


def test_the_age_before_the_reform_stands_on_the_document_of_its_time() -> None:
    packs = policy_files.shipped()
    before, after = (packs.on("retirement.reached", date(y, 1, 1)) for y in (2024, 2025))
    assert before is not None and after is not None
    assert (before.source.document, before.status) == ("国发〔1978〕104号", "unconfirmed")
    assert "2024-09-13" in after.source.document and after.status == "confirmed"
