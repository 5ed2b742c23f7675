"""The stylesheet of a look. Widgets choose through dynamic properties: `tone`, `kind`, `panel`, `rule`, `seg`, `tall`.

Fonts are set in code: stylesheets know neither tabular figures nor hinting.
"""

from fluxdesk.desktop.theme import Look
from fluxdesk.desktop.tokens import CARD_RADIUS, CONTROL, CONTROL_LARGE, CONTROL_RADIUS, DIALOG_RADIUS, INSET

TONES = ("text1", "text2", "text3", "accent", "buy", "sell", "warn", "on_bad")


def stylesheet(look: Look) -> str:
    """Qt stylesheet for the whole application."""
    p = look.palette
    control, large = look.px(CONTROL), look.px(CONTROL_LARGE)
    tones = "".join(f'QLabel[tone="{tone}"]{{color:{getattr(p, tone)};}}' for tone in TONES)
    return f"""
QWidget {{ background: transparent; color: {p.text1}; outline: none; }}
QWidget#window, QDialog {{ background: {p.canvas}; }}
QFrame[panel="flat"] {{ background: {p.panel}; border: none; }}
QFrame[panel="canvas"] {{ background: {p.canvas}; border: none; }}
QFrame[panel="card"] {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: {CARD_RADIUS}px; }}
QFrame[panel="chosen"] {{ background: {p.panel}; border: 1px solid {p.accent}; border-radius: {CARD_RADIUS}px; }}
QFrame[panel="well"] {{ background: {p.raised}; border: 1px solid {p.line}; border-radius: {CONTROL_RADIUS}px; }}
QFrame[panel="dialog"] {{ background: {p.panel}; border: 1px solid {p.line_strong};
  border-radius: {DIALOG_RADIUS}px; }}
QFrame[panel="warn"] {{ background: {p.warn_tint}; border: 1px solid {p.warn}; border-radius: {CONTROL_RADIUS}px; }}
QFrame[panel="bad"] {{ background: {p.bad_tint}; border: 1px solid {p.sell}; border-radius: {CONTROL_RADIUS}px; }}
QFrame[panel="dashed"] {{ background: {p.panel}; border: 1px dashed {p.control};
  border-radius: {CONTROL_RADIUS}px; }}
QFrame[rule="h"] {{ background: {p.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[rule="v"] {{ background: {p.line}; border: none; min-width: 1px; max-width: 1px; }}
{tones}
QPushButton {{ min-height: {control - 2}px; max-height: {control - 2}px; padding: 0 10px; color: {p.text1};
  background: {p.raised}; border: 1px solid {p.line_strong}; border-radius: {CONTROL_RADIUS}px; }}
QPushButton:hover {{ border-color: {p.control}; }}
QPushButton:pressed {{ background: {p.line}; }}
QPushButton:disabled {{ color: {p.text3}; border-color: {p.line}; }}
QPushButton[kind="ghost"] {{ background: transparent; border-color: transparent; color: {p.text2}; }}
QPushButton[kind="ghost"]:hover, QPushButton[kind="ghost"]:checked {{ background: {p.raised}; color: {p.text1}; }}
QPushButton[kind="link"] {{ background: transparent; border-color: transparent; color: {p.accent};
  padding: 0 4px; }}
QPushButton[kind="link"]:hover {{ background: {p.accent_tint}; }}
QPushButton[kind="primary"] {{ background: {p.accent_fill}; border-color: {p.accent_fill}; color: {p.on_accent}; }}
QPushButton[kind="primary"]:hover {{ border-color: {p.accent}; }}
QPushButton[kind="primary"]:disabled {{ background: {p.raised}; border-color: {p.line}; color: {p.text3}; }}
QPushButton[kind="danger"] {{ background: {p.sell_fill}; border-color: {p.sell_fill}; color: {p.on_trade}; }}
QPushButton[kind="danger"]:hover {{ border-color: {p.sell}; }}
QPushButton[kind="danger"]:disabled {{ background: {p.raised}; border-color: {p.line}; color: {p.text3}; }}
QPushButton[kind="chip"] {{ background: {p.accent_tint}; border-color: {p.accent_tint}; color: {p.accent}; }}
QPushButton[kind="chip"]:hover {{ border-color: {p.accent}; }}
QPushButton[icon_only="true"] {{ padding: 0; min-width: {control - 2}px; max-width: {control - 2}px; }}
QPushButton[tall="true"] {{ min-height: {large - 2}px; max-height: {large - 2}px; padding: 0 16px; }}
QPushButton:focus {{ border: 2px solid {p.accent}; padding: 0 9px; min-height: {control - 4}px;
  max-height: {control - 4}px; }}
QPushButton[kind="primary"]:focus, QPushButton[kind="danger"]:focus {{ border: 2px solid {p.text1}; }}
QPushButton[kind="link"]:focus {{ padding: 0 3px; }}
QPushButton[icon_only="true"]:focus {{ padding: 0; min-width: {control - 4}px; max-width: {control - 4}px; }}
QPushButton[tall="true"]:focus {{ min-height: {large - 4}px; max-height: {large - 4}px; padding: 0 15px; }}
QFrame[seg="box"] {{ background: {p.raised}; border: 1px solid {p.line}; border-radius: {CONTROL_RADIUS}px; }}
QPushButton[seg="item"] {{ background: transparent; border: 1px solid transparent; color: {p.text2};
  min-height: {control - 6}px; max-height: {control - 6}px; padding: 0 10px;
  border-radius: {CONTROL_RADIUS - 2}px; }}
QPushButton[seg="item"]:hover {{ color: {p.text1}; }}
QPushButton[seg="item"]:checked {{ background: {p.panel}; border-color: {p.line_strong}; color: {p.text1}; }}
QPushButton[seg="item"]:focus {{ border: 2px solid {p.accent}; padding: 0 9px; min-height: {control - 8}px;
  max-height: {control - 8}px; }}
QLineEdit {{ min-height: {control - 2}px; max-height: {control - 2}px; padding: 0 8px; color: {p.text1};
  background: {p.raised}; border: 1px solid {p.line_strong}; border-radius: {CONTROL_RADIUS}px;
  selection-background-color: {p.accent_fill}; selection-color: {p.on_accent}; placeholder-text-color: {p.text3}; }}
QLineEdit:focus {{ border: 2px solid {p.accent}; padding: 0 7px; min-height: {control - 4}px;
  max-height: {control - 4}px; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] {{ border-color: {p.sell}; }}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{ background: transparent; border: none; padding: 0; }}
QComboBox {{ min-height: {control - 2}px; max-height: {control - 2}px; padding: 0 8px; color: {p.text1};
  background: {p.raised}; border: 1px solid {p.line_strong}; border-radius: {CONTROL_RADIUS}px; }}
QComboBox:focus {{ border: 2px solid {p.accent}; padding: 0 7px; min-height: {control - 4}px;
  max-height: {control - 4}px; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox QAbstractItemView {{ background: {p.panel}; color: {p.text1}; border: 1px solid {p.line_strong};
  selection-background-color: {p.selected}; selection-color: {p.text1}; }}
QPlainTextEdit {{ background: {p.raised}; color: {p.text1}; border: 1px solid {p.line_strong};
  border-radius: {CONTROL_RADIUS}px;
  padding: 4px; selection-background-color: {p.accent_fill}; selection-color: {p.on_accent}; }}
QPlainTextEdit:focus {{ border: 2px solid {p.accent}; padding: 3px; }}
QMenu {{ background: {p.panel}; color: {p.text1}; border: 1px solid {p.line_strong}; padding: 4px; }}
QMenu::item {{ padding: 6px 16px; border-radius: 4px; }}
QMenu::item:selected {{ background: {p.selected}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px 0; }}
QTableView, QListView {{ background: {p.panel}; border: none; selection-background-color: transparent; }}
QHeaderView {{ background: {p.panel}; border: none; }}
QHeaderView::section {{ background: {p.panel}; color: {p.text3}; border: none;
  border-bottom: 1px solid {p.line}; padding: 0 8px; }}
QHeaderView::section:first, QHeaderView::section:only-one {{ padding-left: {INSET}px; }}
QTableView[edge="true"] QHeaderView::section:last {{ padding-right: {INSET}px; }}
QHeaderView::section:hover {{ color: {p.text1}; }}
QTableCornerButton::section {{ background: {p.panel}; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {p.line_strong}; border-radius: 3px; min-height: 32px; margin: 1px; }}
QScrollBar::handle:vertical:hover {{ background: {p.control}; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {p.line_strong}; border-radius: 3px; min-width: 32px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  width: 0; height: 0; }}
QScrollArea {{ border: none; }}
QToolTip {{ background: {p.raised}; color: {p.text1}; border: 1px solid {p.line_strong}; padding: 4px 8px; }}
"""
