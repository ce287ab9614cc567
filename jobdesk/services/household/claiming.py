"""The application of a household (零就业家庭): act by act, as for a person, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.claim import DAY_OF, Act, Claim, ClaimView
from jobdesk.cases.claim_checks import problems
from jobdesk.cases.due import day_of
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.household_clock import levels
from jobdesk.cases.households import RULE, HouseholdStanding, standing
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.cases.recognising import state_after, verifications_of, view
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.schema import CLAIM
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.services.household_facts import one_household, sheets_of
from jobdesk.services.policies import packs_of
from jobdesk.services.recognition.accepting import receipt_no
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.writable import not_away

_SNAPSHOT_AT: Mapping[Act, str] = {Act.CHECK: "station", Act.RECOGNISE: "county", Act.REFUSE: "county"}
_OVER = frozenset({"refused", "exited", "withdrawn"})
_BLANK = (*(f.name for f in CLAIM), "filing_no", "filed_on", "first_help_on", "cleared_on", "cleared_by",
          "reverified_on", "exited_on", "exit_code", "exit_reason")  # fmt: skip


def claim_of(household: CaseFacts, desk: Desk, packs: PackSet) -> Claim:
    """The application as it stands; 有效 is dated by the county's decision."""
    looked = verifications_of(household.case_id, household.of("verification"))
    values = {**household.root, "since": household.root.get("decided_on")}
    return Claim(values, "household", packs, desk.working_days, desk.today, looked)


def claim_view(household: CaseFacts, desk: Desk, packs: PackSet) -> ClaimView:
    """What stands and what may be done next. After a refusal or an exit a new application may be made."""
    found = view(claim_of(household, desk, packs))
    if household.text("state") in ("refused", "exited") and Act.APPLY not in found.acts:
        return ClaimView(found.state, (*found.acts, Act.APPLY), found.due, found.steps, found.publicity,
                         found.notes, found.term)  # fmt: skip
    return found


def act(
    desk: Desk, household_id: str, loaded: RecordState, what: Act, values: Mapping[str, Json]
) -> Future[Changes]:
    """Do one act of the application.

    Args:
        loaded: the household's root as the form was loaded from.
        values: what was typed; the act's day is today where none is given.

    Raises (in the future):
        Refused: ``claim_<code>`` with the field (see ``cases.claim_checks.problems``); ``claim_unfounded``
            when the rule says that this is no zero-employment household; ``claim_undecided`` when facts are
            missing at the first check; ``claim_kind`` for a household of another kind.
    """
    typed: dict[str, Json] = {DAY_OF[what]: desk.today.isoformat(), **{k: v for k, v in values.items() if v}}

    def job(w: Writing) -> Changes:
        not_away(w.con, [household_id])
        home, people = one_household(w.con, household_id)
        if home is None:
            raise Refused("claim_not_now", field="")
        if home.text("kind") not in ("", "zero", "ordinary"):
            raise Refused("claim_kind", field="kind")
        packs = packs_of(w.con, desk)
        again = what is Act.APPLY and home.text("state") in _OVER
        claim = claim_of(CaseFacts(home.case_id, {}, home.records) if again else home, desk, packs)
        body = {**_usual(desk, home, what, typed), **typed}
        if (found := problems(claim, what, body)) and (first := found[0]):
            raise Refused(f"claim_{first[1]}", field=first[0])
        on = day_of(str(typed[DAY_OF[what]])) or desk.today
        shown = standing(home, on, packs, people, sheets_of(w.con, people))
        _refuse_unfounded(what, shown)
        out: dict[str, Json] = dict.fromkeys(_BLANK) if again else {}
        out |= {**body, "state": state_after(claim, what)}
        out |= _following(what, claim, typed)
        if what in _SNAPSHOT_AT:
            before = home.root.get("snapshot")
            kept: dict[str, Json] = dict(before) if isinstance(before, dict) else {}
            kept[_SNAPSHOT_AT[what]] = snapshot(shown, packs)
            out |= {"snapshot": kept, "rule_version": version_of(shown, packs) or None}
        subject = Subject("household", household_id)
        op = change(subject, loaded, out)
        more = _first_rung(desk, w.con, home, packs, what, str(out.get("decided_on") or ""))
        return w.append(desk.actor, [*([op] if op else []), *more])

    return desk.write(job)


def _usual(desk: Desk, home: CaseFacts, what: Act, typed: Mapping[str, Json]) -> dict[str, Json]:
    match what:
        case Act.ACCEPT:
            number = receipt_no(home.case_id, str(typed["accepted_on"]))
            return {"accepted_by": desk.actor, "receipt_no": number}
        case Act.CHECK:
            return {"station_checked_by": desk.actor}
        case _:
            return {}


def _refuse_unfounded(what: Act, shown: HouseholdStanding) -> None:
    """The station's own check does not pass on what the rule denies; the county may decide otherwise."""
    if what is not Act.CHECK:
        return
    if shown.verdict.outcome.value == "not_met":
        raise Refused("claim_unfounded", field="station_opinion")
    if shown.verdict.unknown:
        raise Refused("claim_undecided", field="station_opinion")


def _following(what: Act, claim: Claim, typed: Mapping[str, Json]) -> dict[str, Json]:
    on = typed[DAY_OF[what]]
    again: dict[str, Json] = {"reviewed_on": on, "notified_on": None} if claim.state == "appealed" else {}
    match what:
        case Act.RECOGNISE:
            return {
                "kind": "zero", "authority": typed.get("decided_by"), "number": typed.get("decision_no"),
                "checked_on": claim.today.isoformat(), "filed_on": typed.get("filed_on") or on,
                "refusal_reason": None, "remedy": None, **again,
            }  # fmt: skip
        case Act.REFUSE:
            return again
        case Act.APPLY:
            return {"kind": "zero", **({"source": "self"} if not claim.text("source") else {})}
        case _:
            return {}


def _first_rung(
    desk: Desk, con: Connection, home: CaseFacts, packs: PackSet, what: Act, on: str
) -> list[NewOp]:
    """With the county's recognition the community holds the household (社区即时援助)."""
    order = levels(packs, desk.today)
    if what is not Act.RECOGNISE or not order or any(not r.text("until") for r in home.of("rung")):
        return []
    holder = home.text("community") or reads.subject_state(con, desk.station).root.text("name")
    values: dict[str, Json] = {"level": order[0], "holder": holder or None, "since": on}
    return [opening(Subject("household", home.case_id), "rung", desk.new_id(), values)]


def snapshot(shown: HouseholdStanding, packs: PackSet) -> dict[str, Json]:
    """The verdict with every member's facts of that day, and the version of each rule that it was judged by;
    ids, codes and dates, no names.
    """
    basis = shown.basis()
    members: list[Json] = [
        {
            "member": m.record.id, "case": m.case_id or None, "relation": m.record.text("relation"),
            "labour": m.labour.outcome.value, "works": m.work.outcome.value, "why": m.why,
            "facts": [[f.name, f.shown, f.unchecked] for f in (*m.labour.facts, *m.work.facts)],
            "missing": list[Json](m.missing),
        }
        for m in shown.members
    ]  # fmt: skip
    names = ("kind", "system", "looked_on", "result", "staff", "by_whom")
    looked: list[Json] = [
        {"id": r.id, **{n: r.text(n) for n in names}}
        for r in shown.household.of("verification")
        if r.text("looked_on") and r.text("looked_on") <= shown.day.isoformat()
    ]
    return {
        "on": shown.day.isoformat(), "rule": basis.rule, "outcome": basis.outcome,
        "sentence": basis.sentence, "status": basis.status,
        "source": [basis.source.document, basis.source.clause],
        "versions": list[Json](versions_of(shown, packs)),
        "facts": [[f.name, f.shown, f.unchecked] for f in basis.facts], "members": members, "looked": looked,
    }  # fmt: skip


def version_of(shown: HouseholdStanding, packs: PackSet) -> str:
    """The pack's name, its version and since when its rule holds."""
    return _version(packs.on(RULE, shown.day), packs)


def versions_of(shown: HouseholdStanding, packs: PackSet) -> tuple[str, ...]:
    """The same of the rule first, then of every other rule and figure that the household and its members were
    judged by.
    """
    judged = [shown.verdict, *(v for m in shown.members for v in (m.labour, m.work))]
    keys = [RULE, *(k for v in judged for k in (v.key, *(s.key for s in v.steps)))]
    entries = [packs.on(k, shown.day) for k in keys] + [f for v in judged for f in v.figures]
    return tuple(dict.fromkeys(said for e in entries if (said := _version(e, packs))))


def _version(entry: Entry | None, packs: PackSet) -> str:
    if entry is None:
        return ""
    pack = next((p for p in packs.packs if p.name == entry.pack), None)
    return f"{entry.pack}{f' v{pack.version}' if pack is not None else ''} {entry.valid_from.isoformat()}"
