"""失业登记: 可办理登记 for who lost work or never had it, 核对注销 when work began. Prompts, never acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.registration_spells import is_verified, running_spell, work_running
from jobdesk.cases.rules.vocabulary import judge, met

PROMPT = "registration.prompt"
PROMPT_DAYS = "registration.prompt_days"
DEREGISTER = "registration.deregister_days"


def registration_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterable[DueLine]:
    """Either line of a file, by what runs today."""
    spell = running_spell(facts, agenda.iso) if "registration" in facts.records else None
    if spell is not None:
        if "placement" in facts.records or "employment" in facts.records:
            return _deregister(facts, agenda, postponed, spell.id, spell.text("since"))
        return ()
    if facts.text("work_capacity") not in ("able", "partly"):
        return ()
    if not met(PROMPT, agenda.situation(facts)):
        return ()
    return _may_register(facts, agenda, postponed)


def _may_register(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """Working days after the last job or spell ended, or after the file was opened."""
    ended = [
        d
        for kind in ("placement", "employment", "registration")
        for r in facts.of(kind)
        if (d := day_of(r.text("until"))) is not None and d <= agenda.today
    ]
    opened = day_of(facts.text("opened_on"))
    days = [*ended, *([opened] if opened else [])]
    first = max(days) if days else agenda.today
    due = agenda.by_pack(first, agenda.packs.figure(PROMPT_DAYS, agenda.today))
    at = agenda.situation(facts)

    def basis() -> Basis:
        return judge(PROMPT, at).basis()

    line = place(agenda, facts.case_id, DueKind.MAY_REGISTER, "", due, basis, postponed=postponed)
    if line is not None:
        yield line


def _deregister(
    facts: CaseFacts, agenda: Agenda, postponed: Postponed, spell: str, since: str
) -> Iterator[DueLine]:
    """Working days after work began; work merely heard of is to be verified first."""
    work = work_running(facts, agenda.iso)
    if not work:
        return
    one = work[0]
    begun = day_of(one.text("since")) or day_of(one.text("verified_on"))
    figure = agenda.packs.figure(DEREGISTER, agenda.today)
    if begun is None or begun > agenda.today or figure is None or figure.value is None:
        return
    opened = day_of(facts.text("opened_on")) or date.min
    first = max(begun, opened)
    due = agenda.by_pack(first, figure)

    def basis() -> Basis:
        seen = (
            Seen(one.kind, one.id, _why(one), one.text("since")),
            Seen("registration", spell, "counted", since),
        )  # fmt: skip
        return Basis(
            figure.key, figure.source, figure.status_on(agenda.today),
            (("work_began", one.text("since")), ("registered_since", since)), seen,
            notes=() if is_verified(one) else ("placement_unverified",), sentence=figure.sentence,
        )  # fmt: skip

    line = place(
        agenda, facts.case_id, DueKind.DEREGISTER, spell, due, basis, postponed=postponed,
        params=(("verified", int(is_verified(one))), ("unit", one.text("unit"))),
    )  # fmt: skip
    if line is not None:
        yield line


def _why(work: Rec) -> str:
    return "counted" if is_verified(work) else "placement_unverified"
