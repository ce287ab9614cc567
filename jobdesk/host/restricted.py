"""What is restricted, from the files that come with the program (``resources/restricted.toml``)."""

from __future__ import annotations

import functools

from jobdesk.cases.restricting import Restricting
from jobdesk.host import assets


@functools.cache
def restricting() -> Restricting:
    """Raises MissingAsset where the installation has lost it: then nothing is written."""
    files = sorted(assets.path("codes").glob("*.toml"))
    lists = {f.stem: assets.toml(f"codes/{f.name}") for f in files}
    return Restricting.from_data(lists, assets.toml("restricted.toml"))
