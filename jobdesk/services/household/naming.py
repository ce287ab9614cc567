"""The one way in which a household is named on any page."""

from __future__ import annotations

from jobdesk.host.strings import text


def called(head: str) -> str:
    """钱一户; ``head`` as ``store.called`` gives it, it may be masked or empty."""
    return text("households.of", name=head) if head else text("households.unnamed")
