"""What every tab of 同步 is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jobdesk.services.syncing import Seen
from jobdesk.ui.context import Context
from jobdesk.ui.sync.receipts_state import Clock
from jobdesk.ui.sync.state import right_now


class SyncPanel(QWidget):
    """One tab. Made at its first visit; loads in ``arrive``."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx

    def arrive(self, detail: str = "") -> None:
        """The tab came in sight."""

    def renew(self) -> None:
        """What it shows may have changed; the cursor stays wherever somebody works."""
        self.arrive()

    def leave(self) -> None:
        """Another tab or place comes in sight."""

    def show_seen(self, seen: Seen) -> None:
        """The state of the line is another one."""

    def clock(self) -> Clock:
        """What times of receipts are put right with."""
        now, seen = self.now_ms(), self.ctx.sync.seen if self.ctx.sync is not None else None
        return Clock(right_now(seen, now), seen.now.counts.skew_ms) if seen is not None else Clock(now)

    def now_ms(self) -> int:
        """By the desk's clock."""
        return self.ctx.desk.clock.now_ms()
