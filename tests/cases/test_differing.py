"""Questions about differing versions: the same at every desk, whatever order things arrived in."""

from __future__ import annotations

from itertools import permutations

from desks import CASE, ROOT, YEAR_MS, Act, Desk, meet, run
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobdesk.cases.differing import Alike, Sort, Why, alike, is_longer, of_state, settled_by_itself, thread
from jobdesk.cases.fold import Folding, fold
from jobdesk.cases.ground import Ground
from jobdesk.cases.ops import Op, fields_set, opened

STEPS = [
    "edit",
    "edit",
    "edit",
    "load",
    "serve",
    "correct",
    "status",
    "undo",
    "void",
    "settle",
    "sync",
    "sync",
]
acts: st.SearchStrategy[Act] = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 7), st.sampled_from("abc")
)
scripts = st.lists(acts, max_size=25)
skews = st.tuples(*[st.integers(-10 * YEAR_MS, 10 * YEAR_MS)] * 3)
quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def all_ops(desks: list[Desk] | tuple[Desk, ...]) -> list[Op]:
    return list({op.op_id: op for d in desks for op in d.log.values()}.values())


@quick
@given(scripts, skews, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_neither_question_nor_why(
    script: list[Act], skew: tuple[int, ...], random: object
) -> None:
    desks = run(script, skew)
    ops = all_ops(desks)
    told = of_state(fold(ops, CASE))
    mixed = list(ops)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    piecewise = Folding(CASE)
    for op in mixed:
        piecewise.extend([op, op]).state()
    assert of_state(piecewise.state()) == told
    one, other = Ground(CASE, ops), Ground(CASE, mixed)
    for question in told:
        assert thread(one, question) == thread(other, question)


@quick
@given(scripts, skews)
@example([("status", 0, 2, "a"), ("status", 1, 0, "a"), ("status", 2, 1, "a")], (0, 0, 0))
def test_what_is_asked_is_what_differs(script: list[Act], skew: tuple[int, ...]) -> None:
    desks = run(script, skew)
    state = fold(all_ops(desks), CASE)
    told = of_state(state)
    fields = {(d.record, d.field) for d in told if d.field}
    assert fields == {((r.kind, r.id), n) for r in state for n in r.conflicts}
    assert {d.record for d in told if not d.field} == {(r.kind, r.id) for r in state if r.removals}
    for one in told:
        values = [v.value for v in one.versions]
        told_once = all(a != b for n, a in enumerate(values) for b in values[:n])
        assert told_once or not one.field, "a value is told once"
        if one.why is Why.LATER:
            assert one.shown_by is not None and one.shown_by.value == one.shown
            suggested = {h.op_id for r in state if (r.kind, r.id) == one.record
                         for h in r.fields[one.field].proposals}  # fmt: skip
            later = [v for v in one.others if v.stamp >= one.shown_by.stamp]
            assert {v.op_id for v in later} <= suggested, (
                "a move that did not follow is a suggestion, however late"
            )
        if one.critical and one.why in (Why.BEFORE, Why.BLANK):
            assert one.shown_by is None and len(one.others) == len(one.versions)


def apart(*values: str, name: str = "phone") -> tuple[Desk, ...]:
    desks = tuple(Desk(k, n * YEAR_MS) for n, k in enumerate("xyz"[: len(values)]))
    desks[0].open_case(name="王某", phone="1", help_state="open", skills="电")
    for desk in desks[1:]:
        desk.pull(desks[0])
    for desk, value in zip(desks, values, strict=True):
        desk.edit(ROOT, {name: value})
    meet(desks)
    return desks


def test_three_versions_in_any_order_show_the_same() -> None:
    ops = all_ops(apart("甲", "乙", "丙"))
    told = {of_state(fold(p, CASE)) for p in permutations(ops)}
    (questions,) = told
    assert [v.value for v in questions[0].versions] == ["丙", "乙", "甲"]


def test_equal_values_are_counted_and_not_asked() -> None:
    state = apart("甲", "甲")[0].state()
    assert not of_state(state) and settled_by_itself(state) == 1


def test_a_report_holds_for_the_versions_it_named_and_no_others() -> None:
    one, other = apart("甲", "乙")
    (question,) = of_state(one.state())
    values = {"record_kind": "case", "record": CASE.id, "field": "phone", "reason": "难定", "staff": "s"}
    one.commit([opened(CASE, "escalation", "e1", values, add={"versions": list(question.known)})])
    (handed,) = of_state(one.state())
    assert handed.escalation is not None and handed.escalation.reason == "难定"
    third = Desk("z")
    third.pull(other)
    meet((one, other))
    for desk, value in ((one, "丙"), (other, "丁")):
        desk.commit([fields_set(CASE, *ROOT, {"phone": value}, {"phone": list(question.known)})])
    meet((one, other))
    (fresh,) = of_state(one.state())
    assert fresh.escalation is None and {str(v.value) for v in fresh.versions} == {"丙", "丁"}


def test_what_may_be_answered_in_bulk() -> None:
    (same,) = of_state(apart("农村", "城镇", name="community")[0].state())
    assert alike(same) == (("case", "community", "'农村'", "'城镇'"), Alike.SAME)
    (turned,) = of_state(apart("城镇", "农村", name="community")[0].state())
    assert turned.shown != same.shown and alike(turned) == alike(same), "whichever is shown"
    (longer,) = of_state(apart("电焊、叉车", "电焊", name="skills")[0].state())
    assert alike(longer) == (("case", "skills"), Alike.LONGER)
    for name in ("name", "id_number", "phone", "health"):
        (never,) = of_state(apart("甲", "乙", name=name)[0].state())
        assert alike(never) is None, name
    (merge,) = of_state(apart("c7", "c8", name="merged_into")[0].state())
    assert merge.sort is Sort.MERGE and alike(merge) is None
    assert is_longer("电 焊、叉车", "电焊") and not is_longer("电焊", "电焊") and not is_longer("电焊", "")
