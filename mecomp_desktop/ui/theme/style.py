"""The one style sheet, built from a table of colours."""

from string import Template

from mecomp_desktop.paths import resource
from mecomp_desktop.ui.theme.colours import DARK, Colours, mix

_TEMPLATE = Template("""
QWidget { color: $text; font-size: 13px; outline: none; }
QMainWindow, QDialog, QStackedWidget { background: $base; }
QWidget[surface="base"] { background: $base; }
QWidget[surface="surface"] { background: $surface; }
QWidget[surface="raised"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[line="true"] { background: $line; border: none; }
QSplitter::handle { background: $line; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: 11px; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="badge"] {
    background: $badge; color: $text; font-size: 11px; font-weight: 600;
    border-radius: 8px; padding: 1px 7px;
}

QPushButton {
    background: $raised; border: 1px solid $line; border-radius: 6px;
    padding: 0 14px; min-height: 30px;
}
QPushButton:hover { background: $raised_hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $off; }
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $line; color: $off; border-color: $line; }
QPushButton[kind="quiet"], QPushButton[kind="link"] {
    background: transparent; border-color: transparent;
}
QPushButton[kind="quiet"]:hover { background: $quiet_hover; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="link"] { color: $accent; padding: 0 4px; min-height: 22px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="nav"] {
    background: transparent; border: 1px solid transparent; border-radius: 6px;
    text-align: left; padding: 0 10px; min-height: 34px; color: $text;
}
QPushButton[kind="nav"][folded="true"] { text-align: center; padding: 0; }
QPushButton[kind="nav"]:hover { background: $quiet_hover; }
QPushButton[kind="nav"]:checked { background: $selected; font-weight: 600; }
QPushButton[kind="nav"]:focus { border-color: $accent; }

QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px;
}
QToolButton:hover { background: $quiet_hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="round"] { background: $accent; border-radius: 20px; }
QToolButton[kind="round"]:hover { background: $accent_hover; }
QToolButton[kind="round"]:focus { border: 2px solid $text; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $raised; border: 1px solid $line; border-radius: 6px;
    padding: 0 10px; min-height: 30px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit[search="true"] { padding: 0 2px; }
QComboBox { padding-right: 28px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($icons/down-$tone.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; padding: 4px;
    selection-background-color: $selected; selection-color: $text;
}
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $edge; background: $raised;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url($icons/check-$tone.svg);
}
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }

QAbstractItemView {
    background: $base; border: none; outline: none;
    selection-background-color: $selected; selection-color: $text;
}
QAbstractItemView[ground="none"] { background: transparent; }
QAbstractItemView[rows="drawn"] { selection-background-color: transparent; }
QHeaderView { background: $base; border: none; }
QHeaderView::section {
    background: $base; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 0 8px; font-size: 11px; font-weight: 600; min-height: 30px;
}
QHeaderView::section:first { padding-left: 16px; }
QHeaderView::section:last, QHeaderView::section:only-one { padding-right: 20px; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow, QHeaderView::down-arrow {
    width: 12px; height: 12px; subcontrol-origin: padding; subcontrol-position: center right;
}
QHeaderView::up-arrow { image: url($icons/up-$tone.svg); }
QHeaderView::down-arrow { image: url($icons/down-$tone.svg); }
QTableCornerButton::section { background: $base; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $thumb; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 40px; }
QScrollBar::handle:horizontal { min-width: 40px; }
QScrollBar::handle:hover { background: $thumb_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $raised; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 7px 32px 7px 12px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $off; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px;
}

QSlider:horizontal { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $groove; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: $accent;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {
    width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
}
QSlider::handle:horizontal:focus { width: 12px; height: 12px; border: 2px solid $text; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $off; }
QProgressBar { background: $groove; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
""")


def style_sheet(colours: Colours) -> str:
    """Return the style sheet of the whole application in these colours."""
    by_role = {name: getattr(colours, name) for name in colours.__slots__}
    return _TEMPLATE.substitute(
        by_role,
        icons=resource("icons").as_posix(),
        tone="dark" if colours is DARK else "light",
        edge=mix(colours.raised, colours.text, 0.45),
        selected=colours.selected,
        pressed=colours.pressed,
        accent_hover=colours.accent_hover,
        raised_hover=mix(colours.raised, colours.text, 0.05),
        quiet_hover=mix(colours.surface, colours.text, 0.07),
        badge=mix(colours.surface, colours.text, 0.12),
        groove=mix(colours.surface, colours.text, 0.16),
        thumb=mix(colours.base, colours.text, 0.22),
        thumb_hover=mix(colours.base, colours.text, 0.4),
        off=mix(colours.base, colours.text, 0.45),
    )
