"""How long a machine may be away and come back as the one it was (M-2.6), and hears what was said (M-6.6)."""

from __future__ import annotations

from typing import Final

DAY_MS: Final = 24 * 3600 * 1000
VALID_DAYS: Final = 180
"""A device's validity, renewed at every sync (own figure)."""
RENEW_DAYS: Final = 400
"""How long after its end a device may still renew: a desk that was switched off for a year comes back."""
TOLD_DAYS: Final = VALID_DAYS + RENEW_DAYS
"""What ends a talk is told this long, and said again to a server that may have lost it: to and by whoever may
come back. What is open, until it is settled.
"""
TOLD_MS: Final = TOLD_DAYS * DAY_MS
