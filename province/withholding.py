"""What is restricted, from the files that come with the server: the same that a desk of its version has.

Beside the sources they lie in ``resources/``; an installed server has a copy inside its package
(``pyproject.toml``). A server without them does not start: it would withhold nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from jobdesk.cases.restricting import Restricting

_WORDS, _CODES = "restricted.toml", "codes"


def read(package: Path) -> Restricting:
    """Of a package that lies in this folder.

    Raises:
        FileNotFoundError: the files are not there.
    """
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / _WORDS).is_file():
            lists = {f.stem: _toml(f) for f in sorted((folder / _CODES).glob("*.toml"))}
            return Restricting.from_data(lists, _toml(folder / _WORDS))
    raise FileNotFoundError(package / "resources" / _WORDS)


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


RESTRICTING = read(Path(__file__).resolve().parent)
