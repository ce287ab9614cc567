from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from jobdesk.ui.qt_words import speak_chinese


def test_the_words_of_qt_are_chinese(qapp: QApplication) -> None:
    assert speak_chinese(qapp)
    try:
        assert QCoreApplication.translate("QFileDialog", "Look in:") == "查找范围："
        assert "复制" in QCoreApplication.translate("QLineEdit", "&Copy")
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
