"""The settings page: every change takes effect at once and is kept."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mecomp_desktop.ui.activity.failure_model import shown
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.settings.analysis import AnalysisSettings
from mecomp_desktop.ui.settings.backups import BackupSettings
from mecomp_desktop.ui.settings.desktop import DesktopSettings
from mecomp_desktop.ui.settings.folders import FolderSettings
from mecomp_desktop.ui.settings.form import Row, Section
from mecomp_desktop.ui.settings.radio import RadioSettingsForm
from mecomp_desktop.ui.settings.sound import SoundSettings
from mecomp_desktop.ui.widgets.basics import button, label, surface
from mecomp_desktop.ui.widgets.controls import Choice

_WIDEST_PX = 720
_SIDE_PX = 24
_THEMES = {"system": "Same as the system", "light": "Light", "dark": "Dark"}


class SettingsPage(Page):
    """Folders, sound, appearance, analysis, radio, desktop, and where everything is kept.

    The window applies the theme and the services the rest, as soon as the settings change.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        app, bridge = context.app, context.bridge
        self._app = app
        self._bridge = bridge
        surface(self, "base")
        self.folders = FolderSettings(app, bridge)
        self.sound = SoundSettings(app, bridge)
        self.analysis = AnalysisSettings(app, bridge)
        self.radio = RadioSettingsForm(app, bridge)
        self.desktop = DesktopSettings(app, bridge)
        self.backups = BackupSettings(app, bridge)
        self.theme = self._theme_choice()
        bridge.on(app.settings.changed, lambda _settings: self._show_theme(), self)
        self._lay_out()

    def first_focus(self) -> QWidget | None:
        """Return the button that adds a folder: not "Remove", which a Space would press."""
        return self.folders.add_button

    def _theme_choice(self) -> Choice:
        made = Choice()
        for name, words in _THEMES.items():
            made.addItem(words, name)
        made.setCurrentIndex(made.findData(self._app.settings.current.theme))
        made.activated.connect(lambda row: self._app.settings.update(theme=str(made.itemData(row))))
        return made

    def _show_theme(self) -> None:
        self.theme.setCurrentIndex(self.theme.findData(self._app.settings.current.theme))

    def _appearance(self) -> Section:
        section = Section("Appearance")
        section.add(Row("Theme", "", self.theme))
        return section

    def _places(self) -> Section:
        section = Section("Where it is kept")
        paths = self._app.paths
        for words, path in (
            ("Library and personal models", paths.data),
            ("Settings", paths.config),
            ("Can be deleted at any time", paths.cache),
            ("Log", paths.state),
        ):
            section.add(self._place(words, path))
        return section

    @staticmethod
    def _place(words: str, path: Path) -> Row:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        row = Row(words, shown(path), button("Open", show, "quiet"))
        row.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return row

    def _lay_out(self) -> None:
        inner = QWidget()
        surface(inner, "base")
        inner.setMaximumWidth(_WIDEST_PX)
        sections = QVBoxLayout(inner)
        sections.setContentsMargins(0, 0, 0, _SIDE_PX)
        sections.setSpacing(24)
        for part in (
            self.folders,
            self.sound,
            self._appearance(),
            self.analysis,
            self.radio,
            self.desktop,
            self.backups,
            self._places(),
        ):
            sections.addWidget(part)
        sections.addStretch(1)
        beside = QWidget()
        surface(beside, "base")
        row = QHBoxLayout(beside)
        row.setContentsMargins(_SIDE_PX, 0, _SIDE_PX, 0)
        row.addWidget(inner, 1)
        row.addStretch(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        # Tab scrolls it along; by itself it would hold the keyboard without showing it.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(beside)
        title = label("Settings", "title")
        title.setContentsMargins(_SIDE_PX, 16, _SIDE_PX, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(area, 1)
