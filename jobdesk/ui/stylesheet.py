"""The one QSS, made from the tokens. Widgets choose their look by properties, never by colours of their own.

Properties: ``role`` and ``tone`` on labels, ``kind`` on buttons, ``look`` on frames, ``chip`` on chips,
``problem`` and ``blank`` on editors.
"""

from __future__ import annotations

from jobdesk.ui.palette import Palette, Tokens

TONES = ("ink", "ink_2", "ink_3", "accent", "accent_ink", "ok", "warn", "bad")


def style_sheet(t: Tokens, c: Palette) -> str:
    """The style sheet of the whole application in these colours."""
    return "\n".join(
        (_base(t, c), _labels(t, c), _frames(t, c), _buttons(t, c), _editors(t, c), _lists(t, c))
    )


def _base(t: Tokens, c: Palette) -> str:
    return f"""
QWidget {{ color:{c.ink}; font-size:{t.type.body}px; }}
QMainWindow, QDialog, QWidget[look="canvas"] {{ background:{c.canvas}; }}
QToolTip {{ background:{c.ink}; color:{c.surface}; border:1px solid {c.ink}; padding:4px 6px;
  font-size:{t.type.caption}px; }}
QScrollArea, QScrollArea > QWidget > QWidget[look="clear"] {{ background:transparent; border:none; }}
QScrollBar:vertical {{ background:transparent; width:12px; margin:0; }}
QScrollBar:horizontal {{ background:transparent; height:12px; margin:0; }}
QScrollBar::handle {{ background:{c.line_strong}; border-radius:4px; margin:2px; }}
QScrollBar::handle:vertical {{ min-height:32px; }}
QScrollBar::handle:horizontal {{ min-width:32px; }}
QScrollBar::handle:hover {{ background:{c.ink_3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width:0; height:0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background:transparent; }}
QMenu {{ background:{c.surface}; border:1px solid {c.line_strong}; padding:4px; }}
QMenu::item {{ padding:7px 20px 7px 12px; border-radius:4px; }}
QMenu::item:selected {{ background:{c.accent_soft}; color:{c.accent}; }}
QMenu::item:disabled {{ color:{c.ink_3}; }}
QMenu::separator {{ height:1px; background:{c.line}; margin:4px 8px; }}
"""


def _labels(t: Tokens, c: Palette) -> str:
    bold = ("strong", "title", "display")
    roles = "".join(
        f'QLabel[role="{name}"] {{ font-size:{getattr(t.type, name)}px;'
        f" font-weight:{700 if name in bold else 400}; }}\n"
        for name in ("caption", "body", "strong", "title", "display")
    )
    tones = "".join(f'QLabel[tone="{name}"] {{ color:{c.tone(name)}; }}\n' for name in TONES)
    chip = f"border-radius:{t.shape.radius - 2}px; padding:0 6px; font-size:{t.type.caption}px;"
    chips = "".join(
        f'QLabel[chip="{name}"] {{ {chip} background:{ground}; color:{ink}; border:1px solid {edge}; }}\n'
        for name, ground, ink, edge in (
            ("plain", c.canvas, c.ink_2, c.line),
            ("outline", c.surface, c.ink, c.line_strong),
            ("accent", c.accent_soft, c.accent, c.accent_soft),
            ("solid", c.accent, c.accent_ink, c.accent),
            ("ok", c.ok_soft, c.ok, c.ok_soft),
            ("warn", c.warn_soft, c.warn, c.warn_soft),
            ("bad", c.bad_soft, c.bad, c.bad_soft),
            ("blank", "transparent", c.warn, "transparent"),
        )
    )
    return f"""
QLabel {{ background:transparent; }}
{roles}{tones}{chips}
QLabel[bold="true"] {{ font-weight:700; }}
QLabel[keycap="true"] {{ background:{c.surface}; color:{c.ink_2}; border:1px solid {c.line_strong};
  border-radius:4px; padding:0 5px; font-size:{t.type.caption}px; }}
QLabel[count="plain"] {{ background:{c.surface}; color:{c.ink_2}; border-radius:9px; padding:0 6px;
  font-size:{t.type.caption}px; font-weight:700; }}
QLabel[count="bad"] {{ background:{c.bad_soft}; color:{c.bad}; border-radius:9px; padding:0 6px;
  font-size:{t.type.caption}px; font-weight:700; }}
QLabel[count="badge"] {{ background:{c.warn}; color:{c.surface}; border-radius:9px; padding:0 4px;
  font-size:{t.type.caption}px; font-weight:700; }}
QLabel[disc="done"] {{ background:{c.accent_soft}; border-radius:11px; }}
QLabel[disc="now"] {{ background:{c.accent}; color:{c.accent_ink}; border-radius:11px; font-weight:700;
  font-size:{t.type.caption}px; }}
QLabel[disc="later"] {{ background:{c.surface}; color:{c.ink_2}; border:1px solid {c.line_strong};
  border-radius:11px; font-size:{t.type.caption}px; }}
QLabel[face="true"] {{ background:{c.accent_soft}; color:{c.accent}; border-radius:15px; font-weight:700; }}
"""


def _frames(t: Tokens, c: Palette) -> str:
    card = f"border-radius:{t.shape.radius_card}px;"
    soft = f"border-radius:{t.shape.radius}px; border:none;"
    banners = "".join(
        f'QFrame[banner="{name}"] {{ background:{ground}; border:1px solid {ground}; '
        f"border-left:3px solid {edge}; border-radius:{t.shape.radius}px; }}\n"
        for name, ground, edge in (
            ("problem", c.warn_soft, c.warn),
            ("refusal", c.accent_soft, c.accent),
            ("trouble", c.warn_soft, c.warn),
            ("bug", c.bad_soft, c.bad),
            ("info", c.accent_soft, c.accent),
            ("ok", c.ok_soft, c.ok),
        )
    )
    return f"""
QFrame[look="clear"] {{ background:transparent; border:none; }}
QFrame[look="surface"] {{ background:{c.surface}; border:none; }}
QFrame[look="raised"] {{ background:{c.raised}; border:none; }}
QFrame[look="band"] {{ background:{c.canvas}; border:none; }}
QFrame[look="card"] {{ background:{c.surface}; border:1px solid {c.line}; {card} }}
QFrame[look="card_on"] {{ background:{c.accent_soft}; border:1px solid {c.accent}; {card} }}
QFrame[look="soft"] {{ background:{c.canvas}; {soft} }}
QFrame[look="accent_soft"] {{ background:{c.accent_soft}; {soft} }}
QFrame[look="ok_soft"] {{ background:{c.ok_soft}; {soft} }}
QFrame[look="warn_soft"] {{ background:{c.warn_soft}; {soft} }}
QFrame[look="bad_soft"] {{ background:{c.bad_soft}; {soft} }}
QFrame[look="question"] {{ background:{c.warn_soft}; border:2px solid {c.warn_soft};
  border-radius:{t.shape.radius}px; }}
QFrame[look="question_on"] {{ background:{c.warn_soft}; border:2px solid {c.focus};
  border-radius:{t.shape.radius}px; }}
QFrame[look="rail"] {{ background:{c.surface}; border:none; border-right:1px solid {c.line}; }}
QFrame[look="header"] {{ background:{c.surface}; border:none; border-bottom:1px solid {c.line}; }}
QFrame[look="side"] {{ background:{c.raised}; border:none; border-left:1px solid {c.line}; }}
QFrame[look="side_left"] {{ background:{c.surface}; border:none; border-right:1px solid {c.line}; }}
QFrame[look="foot"] {{ background:{c.surface}; border:none; border-top:1px solid {c.line}; }}
QFrame[look="rule"] {{ background:{c.line}; border:none; }}
QFrame[look="rule_strong"] {{ background:{c.line_strong}; border:none; }}
QFrame[look="popover"] {{ background:{c.surface}; border:1px solid {c.line_strong}; {card} }}
QFrame[look="toast"] {{ background:{c.ink}; border:none; border-radius:{t.shape.radius}px; }}
QFrame[look="toast"] QLabel {{ color:{c.surface}; }}
QFrame[look="toast"] QPushButton {{ background:transparent; color:{c.surface}; border:1px solid {c.ink_3};
  border-radius:4px; padding:0 12px; font-weight:700; }}
QFrame[look="toast"] QPushButton:focus {{ border:2px solid {c.focus}; padding:0 11px; }}
QFrame[look="segments"] {{ background:{c.canvas}; border:1px solid {c.line};
  border-radius:{t.shape.radius}px; }}
QFrame[look="segments"]:focus {{ border:2px solid {c.focus}; }}
QFrame[look="pill_ok"] {{ background:{c.ok_soft}; border:none; border-radius:15px; }}
QFrame[look="pill_warn"] {{ background:{c.warn_soft}; border:none; border-radius:15px; }}
QFrame[look="pill_busy"] {{ background:{c.accent_soft}; border:none; border-radius:15px; }}
{banners}
"""


def _buttons(t: Tokens, c: Palette) -> str:
    r = t.shape.radius

    def kind(name: str, ground: str, ink: str, edge: str, hover: str, pad: int, bold: bool = False) -> str:
        weight = 700 if bold else 400
        return f"""
QPushButton {{ outline:none; }}
QPushButton[kind="{name}"] {{ background:{ground}; color:{ink}; border:1px solid {edge}; border-radius:{r}px;
  padding:0 {pad}px; font-weight:{weight}; }}
QPushButton[kind="{name}"]:hover {{ background:{hover}; }}
QPushButton[kind="{name}"]:focus {{ border:2px solid {c.focus}; padding:0 {pad - 1}px; }}
QPushButton[kind="{name}"]:disabled {{ background:{c.canvas}; color:{c.ink_3};
  border:1px solid {c.line}; }}"""

    return f"""
{kind("primary", c.accent, c.accent_ink, c.accent, c.accent, 16, True)}
QPushButton[kind="primary"]:focus {{ border:2px solid {c.ink}; padding:0 15px; }}
QPushButton[kind="primary"]:hover {{ border:1px solid {c.ink_2}; }}
{kind("quiet", c.surface, c.ink, c.line_strong, c.canvas, 12)}
{kind("danger", c.surface, c.bad, c.bad, c.bad_soft, 12, True)}
{kind("bare", "transparent", c.ink_2, "transparent", c.canvas, 8)}
{kind("icon", "transparent", c.ink_2, "transparent", c.accent_soft, 4)}
{kind("square", c.surface, c.ink_2, c.line_strong, c.canvas, 4)}
{kind("filter", c.surface, c.ink_2, c.line, c.canvas, 10)}
QPushButton[kind="filter"]:checked {{ background:{c.accent_soft}; color:{c.accent};
  border:1px solid {c.accent};
  font-weight:700; }}
QPushButton[kind="filter"]:checked:focus {{ border:2px solid {c.focus}; padding:0 9px; }}
{kind("pick", c.surface, c.ink, c.line_strong, c.surface, 10)}
QPushButton[kind="pick"] {{ text-align:left; outline:none; }}
QPushButton[kind="pick"][narrowing="true"] {{ background:{c.accent_soft}; border-color:{c.accent}; }}
QPushButton[kind="pick"][problem="true"] {{ border-color:{c.bad}; }}
QPushButton[kind="link"] {{ background:transparent; color:{c.accent}; border:1px solid transparent;
  border-radius:4px; padding:0 2px; font-size:{t.type.caption}px; }}
QPushButton[kind="link"]:hover {{ text-decoration:underline; }}
QPushButton[kind="link"]:focus {{ border:1px solid {c.focus}; }}
QPushButton[kind="link"][number="true"] {{ font-size:{t.type.strong}px; font-weight:700; }}
QPushButton[kind="bare"][aligned="left"] {{ text-align:left; }}
QPushButton[kind="link"]:disabled {{ color:{c.ink_3}; }}
QPushButton[kind="segment"] {{ background:transparent; color:{c.ink_2}; border:1px solid transparent;
  border-radius:4px; padding:0 8px; }}
QPushButton[kind="segment"]:hover {{ color:{c.ink}; }}
QPushButton[kind="segment"]:checked {{ background:{c.surface}; color:{c.accent};
  border:1px solid {c.line_strong}; font-weight:700; }}
QPushButton[kind="tab"] {{ background:transparent; color:{c.ink_2}; border:none; padding:2px 2px 0 2px;
  border-bottom:2px solid transparent; border-radius:0; }}
QPushButton[kind="tab"]:hover {{ color:{c.ink}; }}
QPushButton[kind="tab"]:checked {{ color:{c.accent}; font-weight:700; border-bottom:2px solid {c.accent}; }}
QPushButton[kind="tab"]:focus {{ background:{c.accent_soft}; }}
QPushButton[kind="rail"] {{ background:transparent; border:1px solid transparent; border-radius:{r}px; }}
QPushButton[kind="rail"]:hover {{ background:{c.canvas}; }}
QPushButton[kind="rail"]:checked {{ background:{c.accent_soft}; }}
QPushButton[kind="rail"]:focus {{ border:2px solid {c.focus}; }}
"""


def _editors(t: Tokens, c: Palette) -> str:
    r = t.shape.radius
    return f"""
QLineEdit, QPlainTextEdit {{ background:{c.surface}; color:{c.ink}; border:1px solid {c.line_strong};
  border-radius:{r}px; padding:0 9px; selection-background-color:{c.accent};
  selection-color:{c.accent_ink}; placeholder-text-color:{c.ink_3}; }}
QPlainTextEdit {{ padding:3px 7px; }}
QLineEdit[blank="true"], QPlainTextEdit[blank="true"] {{ border:1px solid transparent;
  background:transparent; placeholder-text-color:{c.warn}; }}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"] {{ border:1px solid {c.bad};
  background:{c.surface}; }}
QLineEdit:focus {{ border:2px solid {c.focus}; padding:0 8px; background:{c.surface}; }}
QPlainTextEdit:focus {{ border:2px solid {c.focus}; padding:2px 6px; background:{c.surface}; }}
QLineEdit:read-only, QPlainTextEdit[readOnly="true"] {{ background:{c.canvas}; color:{c.ink_2}; }}
QLineEdit:disabled {{ background:{c.canvas}; color:{c.ink_3}; }}
QLineEdit[look="inside"] {{ background:transparent; border:none; padding:0; }}
QLineEdit[look="code"] {{ font-size:{t.type.strong}px; font-weight:700; }}
QProgressBar {{ background:{c.line}; border:none; border-radius:4px; max-height:8px; min-height:8px; }}
QProgressBar::chunk {{ background:{c.accent}; border-radius:4px; }}
QFrame[look="search"] {{ background:{c.surface}; border:1px solid {c.line_strong}; border-radius:{r}px; }}
QFrame[look="search_on"] {{ background:{c.surface}; border:2px solid {c.focus}; border-radius:{r}px; }}
"""


def _lists(t: Tokens, c: Palette) -> str:
    return f"""
QListWidget, QListView {{ background:{c.surface}; border:1px solid {c.line}; border-radius:{t.shape.radius}px;
  outline:none; padding:2px; }}
QListWidget::item {{ padding:7px 8px; border-radius:4px; border:1px solid transparent; }}
QListWidget::item:hover {{ background:{c.canvas}; }}
QListWidget::item:selected {{ background:{c.accent_soft}; color:{c.accent}; }}
QListWidget:focus {{ border:1px solid {c.focus}; }}
QListWidget[look="inside"] {{ border:none; background:transparent; padding:0; }}
QTableView {{ background:{c.surface}; border:none; gridline-color:transparent; outline:none;
  selection-background-color:{c.accent_soft}; selection-color:{c.ink}; }}
QTableView:focus {{ border:none; }}
QHeaderView {{ background:{c.canvas}; border:none; }}
QHeaderView::section {{ background:{c.canvas}; color:{c.ink_2}; border:none;
  border-top:1px solid {c.line}; border-bottom:1px solid {c.line};
  padding:0 8px; font-size:{t.type.caption}px; }}
QTableView > QHeaderView::section:first {{ padding-left:20px; }}
QTableCornerButton::section {{ background:{c.canvas}; border:none; }}
"""
