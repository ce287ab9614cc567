from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QFileInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QFileIconProvider

from jobdesk.ui.qt_words import speak_chinese


def test_the_words_of_qt_are_chinese(qapp: QApplication, tmp_path: Path) -> None:
    before = QLocale()
    assert speak_chinese(qapp)
    try:
        assert QCoreApplication.translate("QFileDialog", "Look in:") == "查找范围："
        assert "复制" in QCoreApplication.translate("QLineEdit", "&Copy")
        assert QFileIconProvider().type(QFileInfo(str(tmp_path))) == "文件夹"
        assert "Nov" not in QLocale().toString(QDate(2026, 11, 22), QLocale.FormatType.ShortFormat)
        assert "11月" in QLocale().toString(QDate(2026, 11, 22), QLocale.FormatType.LongFormat)
    finally:
        QLocale.setDefault(before)
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
