"""Randomness from the seed: what the machine's would be, so that a seed is told by its number alone."""

from __future__ import annotations

import os
import random
from random import Random
from typing import Any


class Entropy:
    """Stands for ``os.urandom`` in a worker of the simulator. Keys made by OpenSSL stay its own."""

    def __init__(self) -> None:
        self.source = Random(0)

    def bytes(self, count: int) -> bytes:
        return self.source.randbytes(count)


entropy = Entropy()


def take_over() -> None:
    """Everything of this process that asks the system gets it from the seed."""
    os.urandom = entropy.bytes
    module: Any = random
    module._urandom = entropy.bytes


def keyed(*parts: object) -> Random:
    """Randomness of its own for one purpose of one step: removing another step changes nothing in it."""
    return Random("/".join(map(str, parts)))
