"""Which columns fit and how wide they are: pure arithmetic, no Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def chosen(columns: Sequence[Column], keys: Collection[str] | None) -> tuple[Column, ...]:
    """The columns a person chose; None is the usual choice (all), fixed ones are always there."""
    if keys is None:
        return tuple(columns)
    return tuple(column for column in columns if column.fixed or column.key in keys)
