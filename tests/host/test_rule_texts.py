"""Every code that the rules give out has its sentence."""

from __future__ import annotations

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
