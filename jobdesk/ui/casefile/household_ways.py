"""查看依据 of a household: where what it stands on is confirmed or corrected when it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import DueKind, DueLine
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.households import HouseholdStanding, MemberStanding
from jobdesk.ui.basis_view import Go
from jobdesk.ui.casefile.household_words import t
from jobdesk.ui.kit.basis import Way

Ask = Callable[[str, str], object]
"""(what, record id): what ``HouseholdDetail.asked`` asks for."""
File = Callable[[str, str, str], object]
"""(case, part, detail): opens somebody's file there."""
Ways = tuple[tuple[str, Way], ...]
CORRECTIONS = frozenset({"edit", "edit_member", "edit_rung", "correct_claim", "correct_clock"})
"""What the place 家庭 can be asked for from elsewhere."""


def of_member(member: MemberStanding, ask: Ask, to_file: File) -> Go:
    """A fact of one member: in the file where there is one, else in the line of the household."""

    def go(part: str, detail: str) -> None:
        if part == "household" or not member.case_id:
            ask("edit_member", member.record.id)
        else:
            to_file(member.case_id, part, detail)

    return go


def of_verdict(found: HouseholdStanding, name: Callable[[str], str], open_member: Callable[[str], object],
               ask: Ask) -> Ways:  # fmt: skip
    """A verdict on the whole: the household's own lines, then what is known of each member."""
    members = tuple(
        (t("way_member", name=name(m.record.id) or t("nameless")), _asking(open_member, m.record.id))
        for m in found.members
    )
    return (*_household(ask), *members)


def of_line(line: DueLine, people: Mapping[str, CaseFacts], ask: Ask, to_file: File) -> Ways:
    """A line of the household: the step, the rung or the job it counts from, then the household itself."""
    found: list[tuple[str, Way]] = []
    if line.kind in (DueKind.CLAIM, DueKind.PUBLICITY):
        return of_claim(ask)
    if line.kind is not DueKind.MAY_APPLY:
        found += of_record(line.basis, people, ask, to_file)
        found.append((t("way_clock"), lambda: ask("correct_clock", "")))
        found.append((t("way_claim"), lambda: ask("correct_claim", "")))
    return (*found, *_household(ask))


def of_claim(ask: Ask) -> Ways:
    """A day of the application."""
    return ((t("way_claim"), lambda: ask("correct_claim", "")), *_household(ask))


def of_record(
    basis: Basis, people: Mapping[str, CaseFacts], ask: Ask, to_file: File
) -> list[tuple[str, Way]]:
    """The rung or job that a line counts from."""
    found: list[tuple[str, Way]] = []
    for seen in basis.counted:
        if seen.kind == "rung":
            found.append((t("way_rung"), _asking(lambda i: ask("edit_rung", i), seen.id)))
        for case_id, file in people.items():
            kind = next((k for k in ("placement", "employment") for r in file.of(k) if r.id == seen.id), "")
            if kind:
                go = _asking(lambda i, case=case_id: to_file(case, "job", i), seen.id)
                found.append((t("way_job", name=file.text("name")), go))
                break
    return found


def _household(ask: Ask) -> Ways:
    return ((t("way_household"), lambda: ask("edit", "")),)


def _asking(act: Callable[[str], object], record: str) -> Way:
    return lambda: act(record)
