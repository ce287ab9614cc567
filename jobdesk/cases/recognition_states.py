"""States of an application (``recognition_state.toml``), grouped once for everybody who asks."""

from __future__ import annotations

VALID = frozenset({"recognised", "review"})
"""有效: decided by the county and not yet left."""
RUNNING = frozenset({"applied", "accepted", "supplement", "checked", "publicity", "reported"})
"""An application on its way."""
LEFT = frozenset({"exited", "refused", "appealed", "withdrawn"})
"""Neither stands nor is on its way; what is in none of the three is 台账记载."""
