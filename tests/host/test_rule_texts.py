"""Every code that the rules give out has its sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from jobdesk import cases
from jobdesk.cases.due import Bucket, DueKind
from jobdesk.cases.id_number import IdKind
from jobdesk.host import strings, template_files

CASES = Path(next(iter(cases.__path__)))


def test_problems_have_sentences() -> None:
    codes = {kind.value for kind in IdKind} - {IdKind.VALID.value, IdKind.EMPTY.value}
    for name in ("record_checks.py", "problems.py"):
        source = (CASES / name).read_text(encoding="utf-8")
        codes |= set(re.findall(r'\b(?:hint|block)\("(\w+)"', source))
    assert len(codes) > 40
    assert [c for c in sorted(codes) if not strings.has(f"problem.{c}")] == []


def test_missing_items_have_names() -> None:
    codes = [item.code for item in template_files.completeness_items()]
    assert [c for c in codes if not strings.has(f"missing.{c}")] == []


def test_due_lines_have_names() -> None:
    assert [k.value for k in DueKind if not strings.has(f"due.{k.value}")] == []
    assert [b.code for b in Bucket if not strings.has(f"bucket.{b.code}")] == []


def test_memberships_have_sentences() -> None:
    source = (CASES / "circles.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'Membership\("", "(\w+)"', source)) | {"member", "study", "no_wish"}
    codes |= {"not_graduate", "graduate_unknown", "not_left", "employed"}
    assert [c for c in sorted(codes) if not strings.has(f"membership.{c}")] == []


FILLED = {
    "self.next_from or 'none'": ("field", "record", "first_round", "none"),
    "kind.value": ("measure", "promise"),
    "kind": ("benefit", "subsidy"),
    "self.step.counts.code": ("joined", "completed"),
    "part": ("contract", "attendance", "verification", "exit_plan", "end"),
    "self.family": ("social", "post"),
}
"""What stands in the braces of a key made with an f-string; a new one has to be added here."""


def _keys(node: ast.expr) -> set[str]:
    """Texts an expression can give: constants, both sides of an if, f-strings of known parts."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return _keys(node.body) | _keys(node.orelse)
    if isinstance(node, ast.JoinedStr):
        found = {""}
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                ends: tuple[str, ...] = FILLED[ast.unparse(part.value)]
            else:
                ends = (str(part.value),) if isinstance(part, ast.Constant) else ()
            found = {f + e for f in found for e in ends}
        return found
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "kind.value":
        return {"plan_goal", "plan_review"}
    return set()


def _trees() -> list[ast.Module]:
    return [ast.parse(p.read_text(encoding="utf-8")) for p in sorted(CASES.rglob("*.py"))]


def _calls(name: str) -> list[ast.Call]:
    return [
        n for tree in _trees() for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
    ]  # fmt: skip


def _argument(call: ast.Call, place: int, name: str) -> set[str]:
    named = next((k.value for k in call.keywords if k.arg == name), None)
    given = named or (call.args[place] if len(call.args) > place else None)
    return set() if given is None else _keys(given)


def _assigned(name: str) -> set[str]:
    """Constants bound to a variable of this name, in tuples too."""
    found: set[str] = set()
    for tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign):
                continue
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if len(targets) == len(values):
                for target, value in zip(targets, values, strict=True):
                    if isinstance(target, ast.Name) and target.id == name:
                        found |= _keys(value)
    return found


def test_every_rule_of_a_basis_has_its_sentence() -> None:
    rules = set().union(*(_argument(c, 0, "rule") for c in _calls("Basis"))) | _assigned("rule")
    assert {"step_due", "step_agreed", "contact_first_round", "subsidy_end", "plan_review"} <= rules
    assert [r for r in sorted(rules) if not strings.has(f"rule.{r}")] == []


def test_every_reason_why_a_record_counts_or_not_has_its_words() -> None:
    why = set().union(*(_argument(c, 2, "why") for c in _calls("Seen"))) | _assigned("why")
    source = (CASES / "progress.py").read_text(encoding="utf-8")
    why |= set(re.findall(r'"(\w+)"', source.split("def _excluded")[1].split("def ")[0]))
    why |= {"no_answer", "mass_message", "other_round"}
    why -= {"", "served_on", "type", "service"}
    assert {"counted", "same_post", "not_joined", "undated", "before_contact", "attempt"} <= why
    assert [w for w in sorted(why) if not strings.has(f"why.{w}")] == []


def test_every_note_and_date_of_a_basis_has_its_words() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in sorted(CASES.glob("*.py")))
    notes = set(re.findall(r"``(\w+)``", (CASES / "circles.py").read_text("utf-8").split("notes:")[1][:300]))
    notes = {n for n in notes if n not in ("study", "no_wish")}
    notes |= {"same_text_is_one_post", "counts_unconfirmed", "composition_unconfirmed", "workdays_guessed"}
    assert {n for n in notes if f'"{n}"' in source} == notes and len(notes) >= 9
    assert [n for n in sorted(notes) if not strings.has(f"note.{n}")] == []
    dates = set(re.findall(r'\(\(?"(\w+)", (?:contacts|self|start|last|iso|due|facts|one|until)\b', source))
    dates &= {"last_contact", "next_contact", "first_contact", "opened_on", "started_on", "as_of", "until",
              "imported_on", "agreed"}  # fmt: skip
    assert [d for d in sorted(dates | {"agreed"}) if not strings.has(f"basis_date.{d}")] == []
