"""A sheet of posts (岗位) against the posts that are here: the same unit, post and place is the same post."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Json, Subject
from jobdesk.services.importing.diffing import diff, learn
from jobdesk.services.importing.known import Person, fresh_person, person_from_ops
from jobdesk.services.importing.preview_row import PreviewRow
from jobdesk.services.importing.verdicts import Verdict
from jobdesk.store import import_lookups as lookups
from jobdesk.store.log import Connection

_KEY = ("unit", "post", "place")


def judge(con: Connection, rows: Sequence[PreviewRow], new_id: IdSource) -> set[str]:
    """Judge rows of posts; returns the ids of posts to be opened."""
    here = [
        person_from_ops(Subject("vacancy", post_id), ops)
        for post_id, ops in lookups.ops_of_subjects(con, lookups.posts_ever(con)).items()
    ]
    fresh: set[str] = set()
    for row in rows:
        if row.read.held:
            row.verdict, row.problems = Verdict.HELD, list(row.read.problems)
            continue
        row.problems = list(row.read.problems)
        facts = row.facts()
        post = next((p for p in here if _same(p, facts.root)), None)
        opens = post is None
        if post is None:
            post = fresh_person(Subject("vacancy", new_id()))
            fresh.add(post.subject.id)
            here.append(post)
        delta = diff(facts, post)
        row.case_id, row.delta, row.marks = post.subject.id, delta, delta.marks
        learn(delta, post, new_id)
        row.verdict = Verdict.NEW if opens else Verdict.CHANGED if delta.writes else Verdict.UNCHANGED
    return fresh


def _same(post: Person, said: dict[str, Json]) -> bool:
    for name in _KEY:
        value = said.get(name)
        ever = [v for v in (post.root.shown.get(name), *post.root.stood.get(name, ())) if v is not None]
        if (value is not None or ever) and value not in ever:
            return False
    return True
