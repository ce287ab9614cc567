"""A ``.jobdesk`` file opened by a double click: what it is, whether to believe it, what to do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jobdesk.cases.errors import BadInput, JobdeskError
from jobdesk.host.disk import disk_errors
from jobdesk.host.pack_kinds import EXCHANGE_MAGIC
from jobdesk.host.publisher_key import PublisherKey
from jobdesk.host.signed_pack import KINDS, PackHeader, kind_word, read_header, read_pack
from jobdesk.host.strings import text

TAKEN = ("rules", "calendar")


@dataclass(frozen=True, slots=True)
class Opened:
    """What is told about the file.

    Attributes:
        header: what it says of itself; None when it cannot be read.
        publisher: who signed it, proven; None when nobody this machine knows did.
        problem: the sentence why it is not believed; empty when it is.
        way_on: the sentence what can be done with it.
        exchange: it carries an exchange: sealed, for the server or for the PC that wrote the other half.
    """

    path: Path
    header: PackHeader | None
    publisher: str | None
    problem: str
    way_on: str
    exchange: bool = False

    @property
    def can_be_taken(self) -> bool:
        """A proven pack of rules or a calendar: the settings show what it changes and take it in."""
        return self.publisher is not None and self.header is not None and self.header.kind in TAKEN

    @property
    def title(self) -> str:
        """The kind in a word."""
        if self.exchange:
            return kind_word("exchange")
        return kind_word(self.header.kind) if self.header else text("opened.unreadable")


def look_at(path: Path, keys: Iterable[PublisherKey]) -> Opened:
    """Read the file; never raises for what it finds in it."""
    try:
        if is_exchange(path):
            return Opened(path, None, None, "", text("opened.way.exchange"), exchange=True)
        header = read_header(path)
    except JobdeskError as error:
        return Opened(path, None, None, _said(error), text("opened.way.unreadable"))
    way = f"opened.way.{header.kind}" if header.kind in KINDS else "opened.way.other"
    try:
        publisher = read_pack(path, None, keys).publisher.name
    except BadInput as error:
        return Opened(path, header, None, _said(error), text("opened.way.unproven"))
    return Opened(path, header, publisher, "", text(way))


def is_exchange(path: Path) -> bool:
    """Whether the file begins like one that carries an exchange.

    Raises:
        Trouble: it cannot be read.
    """
    with disk_errors(path), path.open("rb") as file:
        return file.read(len(EXCHANGE_MAGIC)) == EXCHANGE_MAGIC


def lines_of(found: Opened) -> list[str]:
    """The same for a terminal."""
    head = found.header
    if head is None:
        return [found.problem or found.title, found.way_on]
    about = text("pack.head", kind=found.title, name=head.name, version=head.version,
                 day=head.issued_on.isoformat(), key_id=head.key_id)  # fmt: skip
    proof = text("pack.signature_good", name=found.publisher) if found.publisher else found.problem
    return [about, proof, found.way_on]


def _said(error: JobdeskError) -> str:
    return text(f"error.{error.code}", **error.params)
