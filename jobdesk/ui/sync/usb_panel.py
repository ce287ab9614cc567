"""无网络交换: the slot of the exchange on a stick."""

from __future__ import annotations

from jobdesk.ui.context import Context
from jobdesk.ui.kit import EmptyState, column
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.state import t


class UsbPanel(SyncPanel):
    """One tab of 同步."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.setLayout(column(EmptyState("upload", t("tab_usb"), more=t("usb_more")), gap=0))
