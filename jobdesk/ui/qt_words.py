"""Qt's own words (file choosers, print dialogs, the menu of a text field) in Chinese, as Qt ships them."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

LANGUAGE_FILE = "qtbase_zh_CN"


def speak_chinese(application: QApplication) -> bool:
    """Install the translation that comes with PySide6; False where an installation lacks it."""
    translator = QTranslator(application)
    found = translator.load(LANGUAGE_FILE, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return found and application.installTranslator(translator)
