"""The file for translators holds every string of the desktop, and a translation in the user's language is used."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.desktop import i18n
from fluxdesk.desktop.qt import QApplication, QLocale
from needs import ROOT, require

TEMPLATE = ROOT / "resources" / "translations" / "fluxdesk.ts"


def test_the_file_for_translators_is_current() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "translations.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0, "run packaging/translations.py"


def test_a_compiled_translation_is_loaded_and_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    lrelease = Path(sys.executable).with_name("pyside6-lrelease")
    require("pyside6-lrelease", lrelease.exists() or shutil.which("pyside6-lrelease"))
    text = TEMPLATE.read_text(encoding="utf-8")
    unfinished = '<source>Launches</source><translation type="unfinished"/>'
    assert unfinished in text
    text = text.replace(unfinished, "<source>Launches</source><translation>Starts</translation>")
    text = text.replace('<TS version="2.1"', '<TS version="2.1" language="de"')
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "fluxdesk_de.ts").write_text(text, encoding="utf-8")
    compiled = folder / "fluxdesk_de.qm"
    subprocess.run([lrelease, folder / "fluxdesk_de.ts", "-qm", compiled], check=True, capture_output=True)

    monkeypatch.setattr(i18n, "path", lambda name: tmp_path / name)
    QLocale.setDefault(QLocale("de_DE"))
    translator = i18n.install_translation()
    try:
        assert translator is not None
        assert i18n.tr("Launches", "Launches") == "Starts"
        assert i18n.tr("Launches", "{n} hold", n=3) == "3 hold"
    finally:
        QLocale.setDefault(QLocale.c())
        if translator is not None:
            qapp.removeTranslator(translator)
