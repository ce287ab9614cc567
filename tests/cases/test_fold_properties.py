"""What holds for every history that honest desks can make, whatever their clocks say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from desks import CASE, CRITICAL, PLAIN, ROOT, YEAR_MS, Act, Desk, meet, run, step
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from jobdesk.cases import schema, undoing
from jobdesk.cases.fold import Folding, fold
from jobdesk.cases.ops import RULES, Op, Shape, Subject
from jobdesk.cases.state import FieldState, SubjectState

STEPS = [
    *("edit", "edit", "edit", "two", "draft", "load", "tag", "untag", "serve", "correct", "status"),
    *("undo", "undo", "withdraw", "void", "settle", "sync", "sync", "sync"),
]
acts: st.SearchStrategy[Act] = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 7), st.sampled_from("abc")
)
scripts = st.lists(acts, max_size=30)
skews = st.tuples(*[st.integers(-10 * YEAR_MS, 10 * YEAR_MS)] * 3)
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def known_to(desk: Desk, op_ids: set[str], record: tuple[str, str], name: str) -> set[str]:
    """Writes that these were written on top of, directly or not (themselves included)."""
    writes = Folding(CASE).extend(desk.log.values()).written[record].writes[name]
    found, queue = set[str](), list(op_ids)
    while queue:
        at = queue.pop()
        if at in writes and at not in found:
            found.add(at)
            queue.extend(writes[at].bases)
    return found


def fields(state: SubjectState) -> list[tuple[tuple[str, str], str, FieldState]]:
    return [((r.kind, r.id), n, f) for r in state for n, f in r.fields.items()]


@quick
@given(scripts, skews, st.integers(0, 2**32))
def test_any_order_any_repetition_any_split(script: list[Act], skew: tuple[int, ...], seed: int) -> None:
    desks = run(script, skew)
    meet(desks)
    expected = desks[0].state()
    assert all(d.state() == expected for d in desks)
    rng = Random(seed)
    shuffled = [*desks[0].log.values(), *rng.choices(list(desks[0].log.values()), k=5)]
    rng.shuffle(shuffled)
    assert fold(shuffled) == expected
    event(f"conflicts: {min(2, sum(len(r.conflicts) for r in expected))}")


@quick
@given(scripts, skews, st.integers(0, 2**32))
def test_incremental_fold_equals_whole_fold(script: list[Act], skew: tuple[int, ...], seed: int) -> None:
    desks = run(script, skew)
    meet(desks)
    rng = Random(seed)
    ops = list(desks[0].log.values())
    rng.shuffle(ops)
    folding, at = Folding(CASE), 0
    while at < len(ops):
        size = rng.randint(1, 6)
        folding.extend(ops[max(0, at - 1) : at + size])
        at += size
        assert folding.state() == fold(ops[:at], CASE)


@quick
@given(scripts, skews, acts)
def test_an_edit_replaces_exactly_what_its_author_knew(
    script: list[Act], skew: tuple[int, ...], last: Act
) -> None:
    desks = run(script, skew)
    desk = desks[last[1]]
    assume(desk.state().exists)
    name = (*PLAIN, *CRITICAL)[last[2] % 4]
    before = desk.state().root.fields.get(name, FieldState(None, ()))
    (op,) = desk.edit(ROOT, {name: last[3]})
    after = desk.state().root.fields[name]
    assert [h.op_id for h in after.heads] == [op.op_id], "all heads were known, so all are replaced"
    assert after.value == last[3] and not after.is_conflict, "what I typed is what I see"
    unseen = [d for d in desks if d is not desk]
    knew = known_to(desk, {op.op_id}, ROOT, name)
    meet(desks)
    merged = desk.state().root.fields[name]
    heads = {h.op_id for h in merged.heads}
    assert not heads & (knew - {op.op_id}), "a knowingly replaced version never returns"
    assert {h.op_id for h in before.heads} <= knew
    if op.op_id not in heads:
        assert any(op.op_id in known_to(d, heads, ROOT, name) for d in unseen)


@quick
@given(scripts, skews)
def test_a_form_loaded_long_ago_replaces_only_what_it_showed(
    script: list[Act], skew: tuple[int, ...]
) -> None:
    desks = run(script, skew)
    me, other = desks[0], desks[1]
    assume(me.state().exists)
    form = me.state()
    (theirs,) = other.edit(phone="theirs")
    me.pull(other)
    assume(me.state().exists)
    (mine,) = me.edit(form=form, phone="mine")
    heads = {h.op_id for h in me.state().root.fields["phone"].heads}
    assert {mine.op_id, theirs.op_id} <= heads
    assert me.state().root.fields["phone"].is_conflict
    assert not heads & {h.op_id for h in form.root.fields["phone"].heads} - {mine.op_id, theirs.op_id}


@quick
@given(scripts, skews)
def test_nothing_typed_is_out_of_sight(script: list[Act], skew: tuple[int, ...]) -> None:
    desks = run(script, skew)
    meet(desks)
    ops = desks[0].log.values()
    folding = Folding(CASE).extend(ops)
    state, back = folding.state(), folding.taken_back()
    for key, record in folding.written.items():
        for name, writes in record.writes.items():
            standing = {o: w for o, w in writes.items() if o not in back.ops and (o, name) not in back.fields}
            replaced = {b for w in standing.values() for b in w.bases}
            if state.record(*key).opened or key == ROOT:
                assert replaced & writes.keys() <= standing.keys(), "what somebody built on stays"
            held = state.record(*key).fields.get(name)
            seen = {h.op_id for h in (*held.heads, *held.proposals)} if held else set[str]()
            assert standing.keys() - replaced <= seen
            if held:
                assert not {h.op_id for h in held.heads} & replaced - seen
                assert (
                    not held.heads
                    or name in CRITICAL
                    or held.value == max(held.heads, key=lambda h: (h.stamp, h.op_id)).value
                )


@quick
@given(scripts, skews)
def test_a_critical_field_never_shows_a_value_won_by_clock(script: list[Act], skew: tuple[int, ...]) -> None:
    desks = run(script, skew)
    meet(desks)
    for key, name, held in fields(desks[0].state()):
        values = {str(h.value) for h in held.heads}
        if schema.is_critical(key[0], name) and len(values) > 1:
            event("critical conflict")
            if held.value is not None:
                below = [known_to(desks[0], {h.op_id}, key, name) - {h.op_id} for h in held.heads]
                common = set.intersection(*below)
                writes = Folding(CASE).extend(desks[0].log.values()).written[key].writes[name]
                assert held.value in [writes[c].head.value for c in common]


@quick
@given(scripts, skews)
def test_clocks_alone_never_change_what_a_critical_field_shows(
    script: list[Act], skew: tuple[int, ...]
) -> None:
    right, wrong = run(script, (0, 0, 0)), run(script, skew)
    # The same script can mean other steps once a tie fell otherwise; compare only where it did not.
    assume([d.log.keys() for d in right] == [d.log.keys() for d in wrong])
    assume(
        all(r.log[o].payload == w.log[o].payload for r, w in zip(right, wrong, strict=True) for o in r.log)
    )
    meet(right)
    meet(wrong)
    one, other = right[0].state().root, wrong[0].state().root
    for name in CRITICAL:
        assert one.get(name) == other.get(name)


@quick
@given(scripts, skews, acts.filter(lambda a: a[0] not in ("sync", "load")))
@example([("sync", 1, 7, "a"), ("edit", 1, 0, "b"), ("undo", 1, 0, "a")], (0, 0, 0), ("edit", 1, 0, "c"))
def test_undo_of_an_untouched_action_restores_the_state_exactly(
    script: list[Act], skew: tuple[int, ...], last: Act
) -> None:
    desks = run(script, skew)
    desk = desks[last[1]]
    before = desk.state()
    action = step(desks, last)
    assume(action)
    after = desk.state()
    plan = desk.plan_undo(action)
    if last[0] != "undo":
        assert not plan.kept
        undone = desk.commit(plan.ops)
        assert desk.state() == before
        assert undone
        again = desk.plan_undo(undone)
        assert not again.kept
        redone = desk.commit(again.ops)
        assert desk.state() == after, "redo is the undo of the undo"
        desk.undo(redone)
        assert desk.state() == before
    elif not plan.kept:
        desk.commit(plan.ops)
        assert desk.state() == before


@quick
@given(scripts, skews, st.integers(0, 40))
def test_undo_of_any_action_is_as_if_it_never_was_or_says_what_stays(
    script: list[Act], skew: tuple[int, ...], pick: int
) -> None:
    desks = run(script, skew)
    meet(desks)
    desk = desks[0]
    actions: dict[str, list[Op]] = {}
    for op in desk.log.values():
        actions.setdefault(op.action_id, []).append(op)
    action = list(actions.values())[pick % len(actions)]
    plan = desk.plan_undo(action)
    without = [op for op in desk.log.values() if op not in action]
    before = desk.state()
    desk.commit(plan.ops)
    after = desk.state()
    if not plan.kept:
        event("untouched")
        assert after == fold(without, CASE)
    for kept in plan.kept:
        event("kept")
        assert kept.op_id in desk.log and kept.by == desk.log[kept.op_id].actor
        if kept.field and kept.record in before.records:
            old = before.records[kept.record]
            assert after.record(*kept.record).fields.get(kept.field) == old.fields.get(kept.field)


@quick
@given(scripts, skews)
def test_an_undo_that_did_not_know_a_later_edit_leaves_that_field(
    script: list[Act], skew: tuple[int, ...]
) -> None:
    desks = run(script, skew)
    meet(desks)
    one, other = desks[0], desks[1]
    assume(one.state().exists)
    known = one.edit(phone="undone", address="undone")
    other.pull(one)
    other.edit(phone="built on it")
    one.undo(known)
    meet(desks)
    root = one.state().root
    assert root.get("phone") == "built on it" and not root.fields["phone"].is_conflict
    assert root.get("address") != "undone"


@quick
@given(scripts, skews)
def test_settling_leaves_no_conflict_and_never_comes_back(script: list[Act], skew: tuple[int, ...]) -> None:
    desks = run(script, skew)
    meet(desks)
    desk = desks[2]
    for _ in range(20):
        if not any(r.conflicts for r in desk.state()):
            break
        assert step(desks, ("settle", 2, 1, "a"))
    assert not any(r.conflicts for r in desk.state())
    meet(desks)
    assert not any(r.conflicts for r in desks[0].state())


@quick
@given(scripts, skews)
def test_a_withdrawn_subject_is_gone_unless_somebody_works_on_it(
    script: list[Act], skew: tuple[int, ...]
) -> None:
    desks = run(script, skew)
    meet(desks)
    one, other = desks[0], desks[1]
    assume(one.state().exists)
    before = one.state()
    plan = undoing.withdraw_subject(before, one.log.values(), "staff-x", reason="误录", work_of_others=True)
    one.commit(plan.ops)
    assert one.state() == SubjectState(CASE, {})
    other.serve("新服务")
    meet(desks)
    merged, asked = one.state(), plan_id(one)
    assert asked in [h.op_id for h in merged.root.removals], "who meant to take it back is asked about"
    root = replace(merged.root, removals=tuple(h for h in merged.root.removals if h.op_id != asked))
    untorn = SubjectState(CASE, {**merged.records, (CASE.kind, CASE.id): root})
    assert untorn == fold([o for o in one.log.values() if o.op_id != asked], CASE), "whole, not torn"


def plan_id(desk: Desk) -> str:
    return desk.actions[-1][0].op_id


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "record": st.sampled_from(["case", "service"]) | json_values,
        "id": st.sampled_from(["c1", "s1"]) | json_values,
        "set": st.dictionaries(st.sampled_from(["name", "help_state", "phone"]), json_values) | json_values,
        "bases": st.dictionaries(
            st.sampled_from(["name", "help_state", "phone"]), st.lists(st.sampled_from("0123456"))
        )
        | json_values,
        "add": st.dictionaries(st.just("lists"), json_values) | json_values,
        "drop": st.dictionaries(st.just("lists"), json_values) | json_values,
        "ops": st.lists(st.sampled_from("0123456")) | json_values,
        "fields": json_values,
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(RULES)), bodies), max_size=8), st.randoms())
def test_no_mixture_however_forged_makes_the_fold_raise_or_depend_on_order(
    mixture: list[tuple[str, dict[str, object]]], rng: Random
) -> None:
    desk = Desk("x")
    ops: list[Op] = []
    for number, (kind, body) in enumerate(mixture):
        (op,) = desk.open_case()
        ops.append(
            Op(str(number), "x", number, op.stamp, "a", "a", 1, kind, CASE, body)  # type: ignore[arg-type]
        )
    expected = fold(ops, CASE)
    shuffled = [*ops, *ops[:2]]
    rng.shuffle(shuffled)
    assert fold(shuffled, CASE) == expected
    if not any(RULES[op.kind].shape is Shape.ERASE for op in ops):
        assert expected.subject == Subject("case", "c1") and not expected.erased
