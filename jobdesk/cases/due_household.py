"""Lines of a household as a whole: it may apply, its application, and what its clock asks for. The subject of
every line is the household's id.
"""

from __future__ import annotations

from collections.abc import Iterator

from jobdesk.cases.basis import Basis, Params
from jobdesk.cases.claim import Act, Claim, Due
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, place, with_term
from jobdesk.cases.due_household_clock import clock_lines, reverify_lines
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.household_clock import clock_of
from jobdesk.cases.households import ZERO, found_on, outcome, standing
from jobdesk.cases.recognising import verifications_of, view
from jobdesk.cases.rules.verdict import Outcome

_ASKED = frozenset({"", "found", "withdrawn"})
_MAY_BE_ZERO = frozenset({"", ZERO, "ordinary"})
_ON_THE_WAY = frozenset(
    {"applied", "accepted", "supplement", "checked", "publicity", "reported", "appealed", "refused"}
    | {"recognised", "review"}
)
_PUBLICITY = frozenset({Act.POST, Act.EVIDENCE, Act.TAKE_DOWN})


def whole_household_lines(household: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Everything that is due for a household."""
    until = household.text("until")
    if (until and until < agenda.iso) or not household.of("member"):
        return
    state = household.text("state")
    if state in _ON_THE_WAY and household.text("kind") == ZERO:
        yield from _claim(household, agenda, postponed)
    elif state in _ASKED:
        yield from _may_apply(household, agenda, postponed)
    clock = clock_of(
        household, agenda.today, agenda.packs, agenda.people, agenda.days, agenda.household_deadline
    )
    if clock.ended is not None:
        yield from reverify_lines(household, agenda, postponed, clock, clock.ended)
    if clock.runs and clock.start is not None:
        yield from clock_lines(household, agenda, postponed, clock)


def claim_of(household: CaseFacts, agenda: Agenda) -> Claim:
    """The household's application; 有效 is dated by the county's decision."""
    looked = verifications_of(household.case_id, household.of("verification"))
    values = {**household.root, "since": household.root.get("decided_on")}
    return Claim(values, "household", agenda.packs, agenda.days, agenda.today, looked)


def _claim(household: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    for due in view(claim_of(household, agenda)).due:
        if due.day is None:
            continue
        kind = DueKind.PUBLICITY if due.act in _PUBLICITY else DueKind.CLAIM

        def basis(found: Due = due) -> Basis:
            return found.basis("household", household.case_id)

        params: Params = (("act", due.act.value), ("household", 1))
        line = place(
            agenda, household.case_id, kind, household.case_id, due.day, basis, part=due.act.value,
            postponed=postponed, params=params,
        )  # fmt: skip
        if line is not None:
            yield line


def _may_apply(household: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """可申请认定: nobody who is labour force works, by the pack; a prompt, never a recognition."""
    if household.text("kind") not in _MAY_BE_ZERO:
        return
    today, packs, people = agenda.today, agenda.packs, agenda.people
    if outcome(household, today, packs, people) is not Outcome.MET:
        return

    def basis() -> Basis:
        return with_term(standing(household, today, packs, people).basis(), term, today)

    since = found_on(household, today, people)
    term = packs.figure("clocks.may_apply", today)
    if term is not None and term.value is not None:
        since = agenda.by_pack(since, term)
    line = place(
        agenda, household.case_id, DueKind.MAY_APPLY, household.case_id, since, basis, postponed=postponed,
        params=(("household", 1),),
    )  # fmt: skip
    if line is not None:
        yield line
