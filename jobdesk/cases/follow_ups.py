"""回访 after a placement: 1, 3 and 6 months on (自定), by the figures ``contact.follow_up.*`` of the packs.

Any contact of ours from some days before the date counts. Of several that were missed the latest is asked
for, since one call answers them all. One that lies before the file was opened is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from jobdesk.cases.basis import Basis, Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.rules.pack import Entry, PackSet

MOST = 9
"""Follow-ups that a pack may name: ``contact.follow_up.1`` … ``.9``."""


@dataclass(slots=True)
class FollowUp:
    """One 回访 that is owed.

    Attributes:
        months: after the job began; ``number`` counts from 1.
    """

    record: Rec
    number: int
    due: date
    figure: Entry

    @property
    def months(self) -> int:
        return self.figure.value or 0

    def basis(self) -> Basis:
        """Why it is due on that day."""
        since = self.record.text("since")
        return Basis(
            self.figure.key,
            self.figure.source,
            self.figure.status_on(self.due),
            (("job_since", since),),
            (Seen(self.record.kind, self.record.id, "counted", since),),
            sentence=self.figure.sentence,
        )


def running_job(facts: CaseFacts, iso: str) -> Rec | None:
    """The job that runs on an ISO day and began last, verified or only heard of, by a whole date."""
    found = [
        r
        for kind in ("placement", "employment")
        for r in facts.of(kind)
        if exact_day(r.text("since")) is not None and r.text("since") <= iso and is_open(r.values, iso)
    ]
    return max(found, key=lambda r: (r.text("since"), r.kind, r.id), default=None)


def _asked(packs: PackSet, today: date) -> tuple[timedelta, list[tuple[int, Entry]]]:
    """How early a contact may answer one, and (months, figure) of each; looked up once a day."""
    kept = packs.quick.get(("contact.follow_up.", today))
    if kept is None:
        found: list[tuple[int, Entry]] = []
        for number in range(1, MOST + 1):
            figure = packs.figure(f"contact.follow_up.{number}", today)
            if figure is None or figure.value is None:
                break
            found.append((figure.value, figure))
        kept = (timedelta(days=packs.number("contact.follow_up.early", today)), found)
        packs.quick["contact.follow_up.", today] = kept
    return cast("tuple[timedelta, list[tuple[int, Entry]]]", kept)


def follow_up(facts: CaseFacts, packs: PackSet, today: date, last: str) -> FollowUp | None:
    """What is owed next; None when nobody works, or all was done.

    Args:
        last: ISO day of the last contact of ours; empty when there was none.
    """
    if not facts.of("placement") and not facts.of("employment"):
        return None
    iso = today.isoformat()
    record = running_job(facts, iso)
    since, opened = exact_day(record.text("since")) if record else None, facts.text("opened_on")
    if record is None or since is None:
        return None
    early, asked = _asked(packs, today)
    owed: FollowUp | None = None
    for number, (months, figure) in enumerate(asked, 1):
        due = add_months(since, months)
        if due.isoformat() < opened or last >= (due - early).isoformat():
            continue
        if owed is not None and due > today:
            break
        owed = FollowUp(record, number, due, figure)
        if due > today:
            break
    return owed
