"""Text in its roles, keys as caps, counts, icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from jobdesk.ui import icons, theme
from jobdesk.ui.kit.layouts import row
from jobdesk.ui.palette import Role, Tone


class Text(QLabel):
    """A text in a role and a tone. Never rich text: what people typed is shown as typed."""

    def __init__(
        self, text: str = "", role: Role = "body", tone: Tone = "ink", *, bold: bool = False,
        wrap: bool = False, selectable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        if bold:
            self.setProperty("bold", True)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def minimumSizeHint(self) -> QSize:
        """A wrapped text may be narrow; its height comes from its width, not from one character a line."""
        if not self.wordWrap():
            return super().minimumSizeHint()
        return QSize(40, self.fontMetrics().lineSpacing())

    def set_text(self, text: str, tone: Tone | None = None) -> None:
        """Change the text and, when given, the tone."""
        self.setText(text)
        if tone is not None and self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.restyle(self)


class FlowText(Text):
    """A text in a flow: in one line where there is room, else in as many as it needs."""

    def __init__(
        self, text: str = "", role: Role = "body", tone: Tone = "ink", *, bold: bool = False
    ) -> None:
        super().__init__(text, role, tone, bold=bold, wrap=True)

    def sizeHint(self) -> QSize:
        # of a wrapping label Qt gives a shape of its own liking, which is narrower than the line has room for
        self.ensurePolished()
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, self.heightForWidth(width))


class ElidedText(Text):
    """One line that shortens to … when there is no room; the whole stands in tooltip and accessible name.

    Args:
        middle: the … stands in the middle: of names of files the end tells them apart.
    """

    def __init__(
        self, text: str = "", role: Role = "body", tone: Tone = "ink", *, bold: bool = False,
        middle: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text, role, tone, bold=bold)
        self._cut = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, tone: Tone | None = None) -> None:
        super().set_text(text, tone)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        whole = super().minimumSizeHint()
        return QSize(min(metrics.horizontalAdvance("国国国…"), whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._cut, room.width())
        if shown == self.text():
            self.setToolTip("")
            super().paintEvent(event)
            return
        self.setToolTip(self.text())
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            room,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )


class Icon(QLabel):
    """A picture beside a text; it changes with the theme."""

    def __init__(self, name: str, tone: Tone = "ink_2", size: int = 16) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)
        self._draw()

    def set_icon(self, name: str, tone: Tone | None = None) -> None:
        self._name, self._tone = name, tone or self._tone
        self._draw()

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        self.setPixmap(icons.pixmap(self._name, self._tone, self._size))


class KeyCap(QLabel):
    """A key as it looks on the keyboard."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.setProperty("keycap", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(20)
        self.setMinimumWidth(24)


def key_hints(*pairs: tuple[str, str]) -> QWidget:
    """Caps with what they do: ``key_hints(("Enter", "登记"), ("P", "延期"))``; ``"↑ ↓"`` gives two caps."""
    result = QWidget()
    parts: list[QWidget | int] = []
    for number, (keys, meaning) in enumerate(pairs):
        if number:
            parts.append(8)
        parts.extend(KeyCap(key) for key in keys.split(" "))
        parts.append(Text(meaning, "caption", "ink_2"))
    result.setLayout(row(*parts, None, gap=6))
    return result


class Count(QLabel):
    """A number in a rounded ground; ``look`` is plain, bad or badge. A badge above 99 says 99+."""

    def __init__(self, number: int = 0, look: str = "plain") -> None:
        super().__init__()
        self.setProperty("count", look)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(18)
        self.setMinimumWidth(18 if look == "badge" else 22)
        self.set_number(number)

    def set_number(self, number: int) -> None:
        over = self.property("count") == "badge" and number > 99
        self.setText("99+" if over else str(number))
        self.adjustSize()


class Face(QLabel):
    """The first character of a name in a disc."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name[:1])
        self.setProperty("face", True)
        self.setFixedSize(30, 30)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
