"""Which columns fit and how wide they are: pure arithmetic, no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.ui.table.cells import Column


def fitting(columns: Sequence[Column], room: int) -> tuple[Column, ...]:
    """The columns that fit into ``room`` pixels, in their order.

    The highest priority number goes first, among equals the last; priority 0 always stays.
    """
    kept = list(columns)
    while sum(column.width for column in kept) > room:
        weakest = max(
            (column for column in kept if column.priority > 0),
            key=lambda column: (column.priority, kept.index(column)),
            default=None,
        )
        if weakest is None:
            break
        kept.remove(weakest)
    return tuple(kept)


def widths(columns: Sequence[Column], room: int) -> tuple[int, ...]:
    """The width of each: its own and its share of what is left over (without shares all goes to the last)."""
    spare = max(0, room - sum(column.width for column in columns))
    shares = sum(column.stretch for column in columns)
    if not columns:
        return ()
    if not shares:
        return (*(column.width for column in columns[:-1]), columns[-1].width + spare)
    result = [column.width + spare * column.stretch // shares for column in columns]
    result[-1] += max(0, room - sum(result)) if room >= sum(result) else 0
    return tuple(result)


def chosen(columns: Sequence[Column], keys: Sequence[str] | None) -> tuple[Column, ...]:
    """The columns a person chose, in the order chosen; None is the usual choice (all).

    Fixed ones are always there, before the others when they were not named; unknown keys are passed over.
    """
    if keys is None:
        return tuple(columns)
    by_key = {column.key: column for column in columns}
    unnamed = [column for column in columns if column.fixed and column.key not in keys]
    return (*unnamed, *(by_key[key] for key in dict.fromkeys(keys) if key in by_key))
