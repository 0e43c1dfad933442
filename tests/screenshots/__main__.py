"""``python -m tests.screenshots docs/pictures``: the README's pictures, from the real program with real runs.

A home of its own under ``/tmp/heygen`` is filled with model folders; three runs happen while the machine
is sampled; then each screen is shown and grabbed. Takes about a minute and a half.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

import numpy as np
from heygen_desktop.application.application import Application
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.bootstrap import LaunchOptions, build
from heygen_desktop.presentation.desktop.theme.theme import qt_arguments
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from tests.desktop.person import Person, let_run
from tests.desktop.real_window import RealWindow, open_real_window
from tests.factories.model_folders import Family, ModelSize, write_model

PLACE = Path("/tmp/heygen")
SIZE = QSize(1280, 800)
_SAMPLED_S = 64.0
"""The pictures show a minute of readings."""
_SEED = "1813"
_SETTINGS = {"secrets.store": "vault"}
_PROMPTS = (
    "It is a truth universally acknowledged, that",
    "She opened the letter, and read",
    "The morning after the ball,",
)
_FOLDERS: tuple[tuple[str, Family, ModelSize, str, str, str], ...] = (
    ("quill-gpt2", "gpt2", ModelSize(6, 256, 8, 8, 1024, 8000, 1024), "F32", "mit", "draft"),
    (
        "harbour-llama",
        "llama",
        ModelSize(8, 384, 8, 4, 1024, 6000, 2048),
        "F16",
        "apache-2.0",
        "chat",
    ),
    (
        "lantern-qwen2",
        "qwen2",
        ModelSize(6, 320, 8, 2, 864, 9000, 4096),
        "BF16",
        "apache-2.0",
        "chat",
    ),
    (
        "meadow-neox",
        "gpt_neox",
        ModelSize(6, 256, 8, 8, 1024, 6000, 2048),
        "F16",
        "apache-2.0",
        "base",
    ),
    ("orchard-llama", "llama", ModelSize(4, 256, 8, 8, 704, 4000, 1024), "F32", "", "research"),
)


def fill(application: Application, models: Path) -> None:
    """Register folders of several architectures beside the starter model, and keep settings."""
    for name, family, size, dtype, licence, tag in _FOLDERS:
        card = f"---\nlicense: {licence}\n---\n# {name}\n" if licence else ""
        folder = write_model(models / name, family, dtype=dtype, size=size, card=card).path
        application.register_model(Registration(folder, tags=(tag,)))
    change = application.change_setting
    change.set("production", "inference.threads", 1)
    change.set("staging", "generation.temperature", 0.6)
    change.set("development", "generation.temperature", 0.7)
    change.set("development", "generation.max_tokens", 180)


def run_prompts(opened: RealWindow) -> None:
    """Run the prompts one after the other, spread over the sampled time; stop one on the way."""
    person = opened.person
    person.press("Ctrl+2")
    person.pick("Model", "starter")
    person.enter("Seed", _SEED)
    for number, prompt in enumerate(reversed(_PROMPTS)):
        wait_for(_SAMPLED_S / 4)
        run(person, prompt, stop=number == 1)
    output = person.field("Output")
    person.click_on(output)
    person.press("Ctrl+Home")
    wait_for(_SAMPLED_S / 8)


def run(person: Person, prompt: str, *, stop: bool) -> None:
    """Run one prompt to its end, or stop it once it has written a few lines."""
    person.enter("Prompt", prompt)
    person.click("Run", QPushButton)
    person.wait("the run", lambda: person.sees("Running"), patience_s=60)
    if stop:
        output = person.find(QPlainTextEdit, "Output")
        person.wait("a few lines", lambda: len(output.toPlainText()) > 200)
        person.press("Esc")
    person.wait("the end", lambda: not person.sees("Running"), patience_s=60)


def wait_for(seconds: float) -> None:
    """Let the window live on while the machine is sampled."""
    let_run(round(seconds * 1000))


def draw(opened: RealWindow, folder: Path) -> None:
    """Show each screen in its theme and save its picture."""
    person, window = opened.person, opened.session.window
    window.show_theme("dark")
    person.press("Ctrl+3")
    person.find(QWidget, "CPU over time")
    person.click("1 min")
    save(opened, folder / "monitor-dark.png")
    person.press("Ctrl+4")
    save(opened, folder / "logs-dark.png")
    window.show_theme("light")
    person.press("Ctrl+2")
    save(opened, folder / "run-light.png")
    person.press("Ctrl+1")
    select_first(person)
    save(opened, folder / "library-light.png")
    person.press("Ctrl+5")
    places = person.find(QListWidget, "Environments")
    person.wait("the environments", lambda: places.count() == 4)
    person.click_on(places.viewport(), lambda: places.visualItemRect(places.item(2)).center())
    person.wait("what staging inherits", lambda: person.sees("from production"))
    save(opened, folder / "environments-light.png")


def select_first(person: Person) -> None:
    """Select the model with which the list begins, so that the inspector tells of it."""
    table = person.find(QTableView, "Models")
    person.wait("the models", lambda: table.model().rowCount() > len(_FOLDERS))
    person.click_on(table.viewport(), lambda: table.visualRect(table.model().index(0, 0)).center())


def save(opened: RealWindow, path: Path) -> None:
    """Grab the window once its lists are filled; a palette of 256 colours keeps the file small."""
    wait_for(2)
    picture = opened.session.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert picture.size() == SIZE, picture.size()
    pixels = np.frombuffer(picture.constBits(), dtype=np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    table = [int(colour) for colour in colours[np.argsort(counts)[::-1]][:256]]
    small = picture.convertToFormat(QImage.Format.Format_Indexed8, table)
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    assert writer.write(small), writer.errorString()
    print(f"{path}  {path.stat().st_size // 1000} kB")


def main() -> int:
    """Fill a home, open the window on it, live for a while, draw, and leave nothing behind."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        PLACE.mkdir()
    except FileExistsError:
        sys.exit(f"{PLACE} is there already, and may be somebody's. Move it away and try again.")
    try:
        application = build(LaunchOptions(home=PLACE, settings=_SETTINGS), environ={})
        application.ensure_starter_model()
        fill(application, PLACE / "models")
        application.close()
        opened = open_real_window(
            QApplication(qt_arguments(sys.argv[0])), PLACE, settings=_SETTINGS
        )
        try:
            opened.session.window.resize(SIZE)
            opened.wait_until_ready()
            run_prompts(opened)
            draw(opened, folder)
        finally:
            opened.close()
    finally:
        shutil.rmtree(PLACE, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
