"""How long a machine may be away and come back as the one it was (M-2.6)."""

from __future__ import annotations

DAY_MS = 24 * 3600 * 1000
VALID_DAYS = 180
"""A device's validity, renewed at every sync (own figure)."""
RENEW_DAYS = 400
"""How long after its end a device may still renew: a desk that was switched off for a year comes back."""
