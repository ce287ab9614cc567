"""查看依据 in words: a basis of the rules as the popover shows it."""

from __future__ import annotations

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.rules.proofs import PROVABLE
from jobdesk.services.case_files import CaseFile
from jobdesk.ui import basis_view
from jobdesk.ui.basis_view import Go
from jobdesk.ui.case_words import Words, record_name, t
from jobdesk.ui.kit import Basis as Shown


def shown_basis(basis: Basis, file: CaseFile, words: Words, go: Go | None = None) -> Shown:
    """Every record counted and not counted, by its day and type, each with why not.

    Args:
        go: leads from a fact to its field (``Tools.go``).
    """
    blank = [n for n in PROVABLE if not file.state.root.get(n)]

    def named(seen: Seen) -> str:
        return _record_words(seen, file, words)

    return basis_view.shown(basis, words.day, named, go, blank=blank)


def _record_words(seen: Seen, file: CaseFile, words: Words) -> str:
    """职业指导 到站: what a record is called, without its day; empty for those without words of their own."""
    if seen.kind == "member":
        return _member_words(seen, file)
    held = file.find(seen.kind, seen.id)
    if held is None or seen.kind != "service":
        return ""
    record = held.record
    names = ("type", "channel", "provider")
    parts = [words.value("service", n, record.get(n)) for n in names if record.get(n) not in (None, "own")]
    posts = record.get("vacancies") or record.get("offered")
    parts.append(words.value("service", "vacancies" if isinstance(posts, list) else "offered", posts))
    day = "" if seen.day or record.text("served_on") else t("undated")
    return " ".join(p for p in (day, *parts) if p)


def _member_words(seen: Seen, file: CaseFile) -> str:
    """家庭成员 and the name, of a household this person lives in."""
    for household in file.households:
        for member in household.state.of("member"):
            if member.id == seen.id:
                name = household.case_names.get(member.text("case")) or member.text("name")
                return f"{record_name('member')} {name}".strip()
    return ""
