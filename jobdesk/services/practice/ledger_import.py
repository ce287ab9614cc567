"""A small ledger with damaged rows, imported into the practice station: some rows wait for a person."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.services.desk import Desk
from jobdesk.services.practice.people import People, Person


def import_ledger(desk: Desk, people: People, known: Sequence[Person]) -> None:
    """Hook until the import service is there."""
