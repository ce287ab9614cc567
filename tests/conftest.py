"""What no test is to depend on: how fast the machine is, and what an administrator has set on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jobdesk.host import policy_settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def nobody_administers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's PC may have a policy of its own; a test that wants one names its file."""
    monkeypatch.setattr(policy_settings, "POLICY_FILE", Path("/nowhere/policy.json"))
