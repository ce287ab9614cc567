"""Qt's own words (file choosers, print dialogs, the menu of a text field) in Chinese, as Qt ships them, and
its days as they are written here.
"""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

LANGUAGE_FILE = "qtbase_zh_CN"
_ASKED_AS = {"QAbstractFileIconProvider": "QFileDialog"}
"""Where a release asks for words under another name than its translation has them."""


class _Words(QTranslator):
    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1, /
    ) -> str:  # fmt: skip
        return super().translate(_ASKED_AS.get(context, context), text, disambiguation or "", n)


def speak_chinese(application: QApplication) -> bool:
    """Install the translation that comes with PySide6; False where an installation lacks it."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = _Words(application)
    found = translator.load(LANGUAGE_FILE, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return found and application.installTranslator(translator)
