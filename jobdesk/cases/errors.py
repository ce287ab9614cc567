"""Four kinds of trouble, and the tree of exceptions that carries three of them.

::

    JobdeskError
    ├── Refused            a rule or permission says no; the person sees who can help
    ├── BadInput           a file or argument that cannot be read; names the place and the way out
    └── Trouble            the world: disk full, locked file, wrong key, wrong clock
        ├── DiskFull
        ├── FileLocked     another process holds the station file
        ├── WrongKey
        ├── DamagedFile
        └── ReadOnly

A *Problem* (what was typed is not acceptable) is a value, never raised: see ``problems``.
Anything else that is raised is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Mapping


class JobdeskError(Exception):
    """Root of everything we raise on purpose.

    Attributes:
        code: key of the sentence shown, ``error.<code>`` in the string catalogue.
        params: values for the sentence; ids, counts and paths only, never names or numbers of persons.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        inside = ", ".join(f"{k}={v}" for k, v in self.params.items())
        return f"{self.code}({inside})" if inside else self.code


class Refused(JobdeskError):
    """A rule or permission says no. What was typed is kept."""


class BadInput(JobdeskError):
    """A file or an argument we cannot work with; the sentence names the place and the way out."""


class Trouble(JobdeskError):
    """The world is in the way; what still works is said, and nothing acknowledged is lost."""


class DiskFull(Trouble):
    """No room left while writing. A device that fails is plain ``Trouble("disk_trouble")``."""


class FileLocked(Trouble):
    """Another window holds the station file; ``holder`` says which process on which machine."""


class WrongKey(Trouble):
    """The key does not open this file."""


class DamagedFile(Trouble):
    """The file is not what it should be (truncated, overwritten, failed its check)."""


class ReadOnly(Trouble):
    """The folder or file cannot be written."""
