"""A short run of real processes; ``make chaos`` runs as long as one likes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest

from tools.chaos.__main__ import chaos

SECONDS = 30


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_a_short_run() -> None:
    """A fresh seed each time; the failure tells it."""
    seed = Random().randrange(2**32)
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        wrong, summary = chaos(Path(folder), seed, SECONDS)
    assert not wrong, "\n".join([*wrong[:10], summary])
