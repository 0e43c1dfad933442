"""The frame: rail, status bar, notices, palette, and the window around them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heygen_desktop.presentation.desktop.screen import Command
from heygen_desktop.presentation.desktop.shell.command_palette import CommandPalette
from heygen_desktop.presentation.desktop.shell.help import AboutDialog, KeysDialog
from heygen_desktop.presentation.desktop.shell.notices import NoticeArea
from heygen_desktop.presentation.desktop.shell.pages import DropHint
from heygen_desktop.presentation.desktop.shell.presenter import reading_of
from heygen_desktop.presentation.desktop.shell.window import MINIMUM, MainWindow
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.widgets.problem import ProblemDialog
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl, qVersion
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QPalette,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.desktop.person import let_run
from tests.desktop.toys import ToyScreens
from tests.fakes.metrics import a_sample
from tests.fakes.tasks import FakeMemory

ENVIRONMENTS = ("development", "testing", "staging", "production")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> Iterator[MainWindow]:
    made = MainWindow(ToyScreens().specs(), theme, memory, "1.2.3", Path("home"))
    made.show()
    yield made
    made.ask_before_closing(lambda: True)
    made.close()
    made.deleteLater()
    theme.zoom_to(100)
    theme.apply("dark")
    settle()


def tool(window: QWidget, name: str) -> QToolButton:
    """Return the tool button of that accessible name."""
    return next(b for b in window.findChildren(QToolButton) if b.accessibleName() == name)


def press(area: NoticeArea, name: str) -> None:
    """Press the button of the notice in view."""
    buttons = area.findChildren(QAbstractButton)
    next(b for b in buttons if b.accessibleName() == name and b.isVisibleTo(area)).click()


def words_in_view(window: MainWindow) -> list[str]:
    """Return what the place of the notices says now."""
    return [label.text() for label in window.notices.findChildren(QLabel) if label.isVisible()]


def dropping(
    paths: list[Path], kind: type[QDropEvent] = QDropEvent
) -> tuple[QDropEvent, QMimeData]:
    """Return a drop of these files; the mime data is Qt's only while somebody holds it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    if kind is QDragEnterEvent:
        return QDragEnterEvent(QPoint(50, 50), copy, mime, left, none), mime
    return QDropEvent(QPointF(50, 50), copy, mime, left, none), mime


def test_the_window_paints_once_and_says_so(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> None:
    window = MainWindow(ToyScreens().specs(), theme, memory, "1", Path("home"))
    qtbot.addWidget(window)
    painted: list[str] = []
    window.first_painted.connect(lambda: painted.append("painted"))

    window.show()
    wait_for(qtbot, lambda: painted)
    window.repaint()

    assert painted == ["painted"]


def test_a_notice_covers_nothing_of_a_screen(window: MainWindow) -> None:
    before = window.stack.geometry()

    window.notices.warn("A worker died.")
    settle()

    assert window.notices.isVisible()
    assert not window.stack.isAncestorOf(window.notices)
    assert window.stack.geometry() == before


def test_the_rail_asks_for_screens_by_mouse_and_by_number(qtbot: QtBot, window: MainWindow) -> None:
    asked: list[str] = []
    window.rail.screen_requested.connect(asked.append)

    tool(window, "Run").click()
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)

    wait_for(qtbot, lambda: asked == ["run", "library"])


def test_the_rail_marks_where_one_is(window: MainWindow) -> None:
    window.rail.show_current("run")

    for name, is_current in (("Run", True), ("Library", False)):
        button = tool(window, name)
        assert button.isChecked() is is_current
        assert bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus) is is_current


def test_the_environment_is_in_view_by_name_and_colour(window: MainWindow) -> None:
    window.show_environment("production", ENVIRONMENTS)

    pill = window.status.environment
    assert (pill.text(), pill.property("tone")) == ("production", "production")
    assert pill.accessibleName() == "Environment: production"


def test_the_pill_offers_the_environments_to_be_used(qtbot: QtBot, window: MainWindow) -> None:
    window.show_environment("testing", ENVIRONMENTS)

    window.status.environment.click()
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    marked = [each.text() for each in menu.actions() if each.isChecked()]
    with qtbot.waitSignal(window.environment_requested) as said:
        next(each for each in menu.actions() if each.text() == "production").trigger()
    menu.close()

    assert [each.text() for each in menu.actions()] == list(ENVIRONMENTS)
    assert (marked, said.args) == (["testing"], ["production"])


def test_the_palette_offers_the_environments_that_are_not_in_use(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.show_environment("testing", ENVIRONMENTS)
    window.open_palette()
    palette = window.findChildren(CommandPalette)[0]

    palette.field.setText("Use production")
    with qtbot.waitSignal(window.environment_requested) as said:
        QTest.keyClick(palette.field, Qt.Key.Key_Return)

    assert said.args == ["production"]
    window.open_palette()
    assert "Use testing" not in palette.titles()
    palette.close()


def test_the_machine_is_in_view(window: MainWindow) -> None:
    window.show_machine(reading_of(a_sample(), "No driver."))

    status = window.status
    assert status.cpu.accessibleName() == "CPU: 12 %"
    assert status.gpu.accessibleName() == "GPU: no GPU"
    assert status.gpu.chart.isHidden()
    assert status.memory.toolTip() == "Memory in use, of the total"
    assert status.cpu.chart.values() == (12.5,)


def test_running_jobs_lead_to_their_run(qtbot: QtBot, window: MainWindow) -> None:
    window.show_jobs("llama · running", "r1")
    with qtbot.waitSignal(window.status.jobs_requested) as asked:
        window.status.jobs.click()
    window.show_jobs("", "")

    assert asked.args == ["r1"]
    assert window.status.jobs.isHidden()


def test_readings_are_asked_for_while_the_window_is_seen(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.reading_due, timeout=3000):
        pass
    window.hide()

    with qtbot.assertNotEmitted(window.reading_due, wait=1200):
        pass


def test_readings_come_as_often_as_was_asked(qtbot: QtBot, window: MainWindow) -> None:
    window.read_every(0.05)

    for _ in range(3):
        with qtbot.waitSignal(window.reading_due, timeout=2000):
            pass


def test_a_minimised_window_rests(qtbot: QtBot, window: MainWindow) -> None:
    rested: list[bool] = []
    window.rested.connect(rested.append)

    window.showMinimized()
    wait_for(qtbot, lambda: rested[-1:] == [True])
    window.raise_to_front()
    wait_for(qtbot, lambda: rested[-1:] == [False])

    assert not window.isMinimized()


def test_the_window_comes_back_where_it_was(
    qtbot: QtBot, theme: Theme, memory: FakeMemory, window: MainWindow
) -> None:
    window.resize(MINIMUM[0], 700)

    window.close()
    again = MainWindow(ToyScreens().specs(), theme, memory, "1", Path("home"))
    qtbot.addWidget(again)

    # The offscreen display is 800 wide: Qt cuts the width to what fits.
    assert again.height() == 700
    assert (again.minimumWidth(), again.minimumHeight()) == MINIMUM


def test_a_geometry_that_makes_no_sense_is_passed_over(qtbot: QtBot, theme: Theme) -> None:
    memory = FakeMemory({"window/geometry": "%%% ü"})

    window = MainWindow(ToyScreens().specs(), theme, memory, "1", Path("home"))
    qtbot.addWidget(window)

    assert window.width() == 1280


def test_a_window_that_may_not_close_stays(window: MainWindow) -> None:
    window.ask_before_closing(lambda: False)
    event = QCloseEvent()

    window.closeEvent(event)

    assert not event.isAccepted()
    assert window.isVisible()


def test_dropped_files_are_handed_on(qtbot: QtBot, window: MainWindow) -> None:
    files = [Path("/models/a.gguf"), Path("/models/b")]
    enter, mime = dropping(files, QDragEnterEvent)
    assert isinstance(enter, QDragEnterEvent)
    hint = window.findChild(DropHint)
    assert hint is not None

    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert hint.isVisible()
    drop, held = dropping(files)
    with qtbot.waitSignal(window.files_dropped) as dropped:
        window.dropEvent(drop)

    assert dropped.args == [files]
    assert not hint.isVisible()
    assert mime.hasUrls()
    assert held.hasUrls()


def test_the_hint_goes_when_the_files_leave_or_the_window_changes(window: MainWindow) -> None:
    hint = window.findChild(DropHint)
    assert hint is not None
    hint.cover()

    window.dragLeaveEvent(QDragLeaveEvent())
    assert not hint.isVisible()
    hint.cover()
    window.resize(1000, 640)

    assert not hint.isVisible()


def test_nothing_can_be_dropped_before_the_window_is_ready(window: MainWindow) -> None:
    window.set_ready(False)
    enter, _mime = dropping([Path("/models/a")], QDragEnterEvent)
    assert isinstance(enter, QDragEnterEvent)
    enter.ignore()

    window.dragEnterEvent(enter)

    assert not enter.isAccepted()


def test_the_theme_menu_marks_the_choice_and_asks_for_another(
    qtbot: QtBot, window: MainWindow
) -> None:
    tool(window, "Theme").click()
    menu = window.findChild(QMenu)
    assert menu is not None
    marked = [action.text() for action in menu.actions() if action.isChecked()]

    with qtbot.waitSignal(window.theme_requested) as asked:
        menu.actions()[1].trigger()
    menu.close()

    assert marked == ["Dark"]
    assert asked.args == ["light"]


def test_the_theme_is_remembered_for_the_next_first_paint(
    window: MainWindow, memory: FakeMemory, theme: Theme
) -> None:
    window.show_theme("light")

    assert memory.recall("window/theme") == "light"
    assert theme.choice == "light"


def test_the_palette_offers_screens_themes_and_the_window_itself(
    qtbot: QtBot, window: MainWindow
) -> None:
    done: list[str] = []
    window.use_commands(
        lambda: [Command("Go to Library", lambda: done.append("library"), "Ctrl+1")]
    )

    window.open_palette()
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    assert palette.titles() == [
        "Go to Library",
        "Theme: As the system",
        "Theme: Light",
        "Theme: Dark",
        "Make text larger",
        "Make text smaller",
        "Show text at its usual size",
        "Keyboard shortcuts",
        "About HeyGen Desktop",
        "Quit",
    ]
    QTest.keyClicks(palette.field, "gtl")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)

    assert done == ["library"]
    assert palette.isHidden()


def test_the_palette_changes_the_theme_with_the_arrows(qtbot: QtBot, window: MainWindow) -> None:
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None

    QTest.keyClicks(palette.field, "theme")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.theme_requested) as asked:
        QTest.keyClick(palette.field, Qt.Key.Key_Enter)

    assert asked.args == ["light"]


def test_the_palette_stays_open_where_nothing_matches(qtbot: QtBot, window: MainWindow) -> None:
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None

    QTest.keyClicks(palette.field, "zzzz")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert palette.titles() == []
    assert palette.list.item(0).text() == "Nothing matches “zzzz”."
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)

    assert palette.isHidden()


def test_the_palette_brings_out_the_letters_that_match(window: MainWindow) -> None:
    def accents(palette: CommandPalette) -> int:
        picture = palette.list.grab().toImage()
        accent = palette.palette().color(QPalette.ColorRole.Link)
        spots = ((x, y) for x in range(picture.width()) for y in range(28))
        return sum(picture.pixelColor(*spot) == accent for spot in spots)

    window.use_commands(lambda: [Command("Go to Library", lambda: None, "Somewhere", "Ctrl+1")])
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    before = accents(palette)

    QTest.keyClicks(palette.field, "lib")

    assert before == 0 < accents(palette)
    assert palette.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Go to Library, Somewhere · Ctrl+1"
    )
    palette.close()


def test_what_is_one_of_many_is_listed_only_for_letters_and_never_all_of_it(
    window: MainWindow,
) -> None:
    things = [Command(f"llama {n}", lambda: None, "Model", only_if_wanted=True) for n in range(120)]
    window.use_commands(lambda: things)
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None

    assert not [title for title in palette.titles() if title.startswith("llama")]
    QTest.keyClicks(palette.field, "llama")

    assert len(palette.titles()) == 100
    assert palette.list.item(100).text() == "20 more; type more to narrow the list."
    palette.close()


def test_what_is_found_later_joins_an_open_palette_and_the_chosen_row_stays(
    qtbot: QtBot, window: MainWindow
) -> None:
    known = [Command("Alpha one", lambda: None), Command("Alpha two", lambda: None)]
    window.use_commands(lambda: known)
    window.offer_more()
    with qtbot.waitSignal(window.palette_opened):
        window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    QTest.keyClicks(palette.field, "alpha")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)

    known.append(Command("Alpha three", lambda: None))
    window.offer_more()

    assert palette.titles() == ["Alpha one", "Alpha two", "Alpha three"]
    assert palette.list.currentRow() == 1
    palette.close()


def test_quit_closes_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None

    QTest.keyClicks(palette.field, "quit")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)

    wait_for(qtbot, window.isHidden)


def test_about_tells_versions_and_licences_to_copy(qtbot: QtBot, window: MainWindow) -> None:
    tool(window, "About").click()
    about = window.findChild(AboutDialog)
    assert about is not None
    table = about.findChild(QTreeWidget)
    assert table is not None
    items = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    parts = {item.text(0): (item.text(1), item.text(2)) for item in items if item is not None}

    next(b for b in about.findChildren(QPushButton) if b.text() == "Copy").click()
    about.accept()
    settle()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Version 1.2.3"
    assert lines[1].startswith("Python 3.") and f"Qt {qVersion()}" in lines[1]
    assert lines[-1] == "Data folder: home"
    assert parts["PySide6_Essentials"][1].startswith("LGPL-3.0")
    assert parts["heygen-desktop"][1] == "Apache-2.0"
    assert all(version and licence for version, licence in parts.values())


@pytest.mark.parametrize("keys", [Qt.Key.Key_F1, Qt.Key.Key_Question, Qt.Key.Key_Slash])
def test_the_keys_of_the_screen_in_view_are_told(
    qtbot: QtBot, window: MainWindow, keys: Qt.Key
) -> None:
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    window.rail.show_current("library")

    held = Qt.KeyboardModifier
    QTest.keyClick(window, keys, held.NoModifier if keys is Qt.Key.Key_F1 else held.ControlModifier)
    told = window.findChild(KeysDialog)
    assert told is not None
    texts = [part.text() for part in told.findChildren(QLabel)]
    told.accept()
    settle()

    assert texts[texts.index("Act in library") + 1] == "Ctrl+O"
    assert {"Library", "Everywhere", "Ctrl+K"} <= set(texts)
    assert "Act in run" not in texts


def test_a_page_takes_the_place_of_a_screen_and_gives_it_back(window: MainWindow) -> None:
    page = QWidget()

    window.show_page(page)
    window.show_page(page)
    assert window.stack.currentWidget() is page
    window.show_starting()

    assert window.stack.currentIndex() == 0


def test_a_notice_goes_by_itself_and_a_warning_stays(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heygen_desktop.presentation.desktop.shell.notices._STAYS_MS", 30)

    window.notices.warn("A worker died.")
    window.notices.notify("Registered.")
    wait_for(qtbot, lambda: window.notices.texts() == ["A worker died."])
    press(window.notices, "Copy")
    press(window.notices, "Dismiss")

    assert window.notices.isHidden()
    assert QGuiApplication.clipboard().text() == "A worker died."


def test_a_notice_stays_while_the_keys_are_in_it(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heygen_desktop.presentation.desktop.shell.notices._UNDO_STAYS_MS", 30)
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)

    window.notices.notify("Removed.", lambda: None)
    undo = next(b for b in window.notices.findChildren(QPushButton) if b.text() == "Undo")
    undo.setFocus()
    let_run(100)
    assert window.notices.texts() == ["Removed."]
    undo.clearFocus()

    wait_for(qtbot, window.notices.isHidden)


def test_the_same_notice_is_not_shown_twice_and_few_wait(window: MainWindow) -> None:
    for text in ("1", "1", "2", "3", "4", "5"):
        window.notices.warn(text)

    assert window.notices.texts() == ["2", "3", "4", "5"]
    assert words_in_view(window) == ["+3", "5"]


def test_an_undo_stays_in_front_of_what_is_said_after_it(window: MainWindow) -> None:
    window.notices.notify("Removed a.", lambda: None)
    for text in ("1", "2", "3", "4"):
        window.notices.notify(text)

    assert words_in_view(window) == ["+3", "Removed a."]
    press(window.notices, "Dismiss")

    assert words_in_view(window) == ["+2", "4"]


def test_a_newer_undo_comes_before_an_older_one(window: MainWindow) -> None:
    window.notices.notify("Removed a.", lambda: None)
    window.notices.notify("Removed b.", lambda: None)

    assert words_in_view(window) == ["+1", "Removed b."]


def test_the_number_of_further_notices_says_what_they_are(window: MainWindow) -> None:
    for text in ("Saved.", "A worker died.", "Registered."):
        window.notices.notify(text)

    more = next(each for each in window.notices.findChildren(QLabel) if each.text() == "+2")

    assert more.toolTip() == "After this one:\nA worker died.\nSaved."
    assert more.accessibleName() == "2 more: A worker died. Saved."


def test_a_notice_takes_the_place_of_the_last_one_about_the_same(window: MainWindow) -> None:
    window.notices.notify("1 run done.", about="run")
    window.notices.notify("Saved.")
    window.notices.notify("2 runs done.", about="run")

    assert window.notices.texts() == ["Saved.", "2 runs done."]


def test_the_figures_make_room_for_a_notice_in_a_narrow_window(window: MainWindow) -> None:
    window.show_machine(reading_of(a_sample(), ""))

    window.resize(960, 640)
    window.notices.warn("A worker died.")
    assert not window.status.cpu.isVisible()
    window.resize(1400, 640)
    settle()

    assert window.status.cpu.isVisible()


def test_what_was_done_is_undone_by_the_notice(window: MainWindow) -> None:
    undone: list[str] = []
    window.notices.notify("Removed a.", lambda: undone.append("a"))

    press(window.notices, "Undo")
    window.notices.undo()

    assert undone == ["a"]
    assert window.notices.isHidden()


def test_ctrl_z_takes_back_the_newest_first_even_after_its_notice(
    qtbot: QtBot, window: MainWindow
) -> None:
    undone: list[str] = []
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    window.notices.notify("Removed a.", lambda: undone.append("a"))
    window.notices.notify("Removed b.", lambda: undone.append("b"))
    press(window.notices, "Dismiss")

    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert undone == ["b", "a"]
    assert window.notices.texts() == []


def test_the_palette_words_what_would_be_undone(window: MainWindow) -> None:
    undone: list[str] = []
    window.notices.notify("Removed a. Its files stay.", lambda: undone.append("a"))

    window.open_palette()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    QTest.keyClicks(palette.field, "undo")
    assert palette.titles()[0] == "Undo: Removed a"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)

    assert undone == ["a"]


def test_what_belongs_to_a_place_cannot_be_undone_after_it_was_left(window: MainWindow) -> None:
    undone: list[str] = []
    window.notices.notify("Threads is 4.", lambda: undone.append("4"), belongs_to="testing")
    window.notices.notify("Removed a.", lambda: undone.append("a"))

    window.notices.let_go("testing")
    window.notices.undo()
    window.notices.undo()

    assert undone == ["a"]
    assert window.notices.texts() == []


def test_a_notice_offers_one_more_thing_to_do(window: MainWindow) -> None:
    done: list[str] = []
    window.notices.notify("Saved.", act=("Show in folder", lambda: done.append("shown")))

    press(window.notices, "Show in folder")

    assert done == ["shown"]


def test_one_unexpected_error_is_shown_at_a_time(qtbot: QtBot, window: MainWindow) -> None:
    ProblemDialog.show_once(ValueError("first"), window)
    ProblemDialog.show_once(ValueError("second"), window)

    dialogs = window.findChildren(ProblemDialog)
    assert len(dialogs) == 1
    next(b for b in dialogs[0].findChildren(QPushButton) if b.text() == "Close").click()
    settle()
    assert window.findChildren(ProblemDialog) == []


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    window.show_environment("testing", ENVIRONMENTS)
    window.show_machine(reading_of(a_sample(), ""))

    nameless = [b for b in window.findChildren(QToolButton) if not b.accessibleName()]

    assert nameless == []


def test_the_title_says_what_goes_on_and_ends_with_the_name(window: MainWindow) -> None:
    window.show_progress("38 % · llama")
    assert window.windowTitle() == "38 % · llama · HeyGen Desktop"
    window.show_progress("")

    assert window.windowTitle() == "HeyGen Desktop"


def test_a_screen_is_marked_with_what_nobody_has_looked_at(window: MainWindow) -> None:
    run = tool(window, "Run")
    plain = run.grab().toImage()

    window.show_unseen("run", 2)
    assert run.accessibleName() == "Run, 2 new"
    assert run.grab().toImage() != plain
    window.show_unseen("run", 250)
    window.show_unseen("run", 0)

    assert run.accessibleName() == "Run"
    assert run.grab().toImage() == plain


def test_the_window_knows_which_screen_is_looked_at(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)

    with qtbot.waitSignal(window.attention_moved):
        window.rail.show_current("run")
    assert window.looked_at == "run"
    with qtbot.waitSignal(window.attention_moved):
        window.hide()

    assert window.looked_at == ""


def test_a_file_that_was_saved_can_be_shown_in_its_folder(window: MainWindow) -> None:
    shown: list[Path] = []
    window.notices.show_files_by(shown.append)

    window.notices.saved(Path("/tmp/readings.csv"))
    assert window.notices.texts() == ["Saved readings.csv."]
    press(window.notices, "Show in folder")

    assert shown == [Path("/tmp/readings.csv")]


def test_text_is_made_larger_and_smaller_by_keys_and_that_is_remembered(
    qtbot: QtBot, window: MainWindow, theme: Theme, memory: FakeMemory, qapp: QApplication
) -> None:
    window.activateWindow()
    wait_for(qtbot, window.isActiveWindow)
    sizes: list[int] = []

    def press_keys(*keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        sizes.append(theme.zoom)

    press_keys(Qt.Key.Key_Plus)
    press_keys(Qt.Key.Key_Equal, Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    assert memory.recall("window/zoom") == "150"
    assert qapp.font().pixelSize() == 20
    assert window.rail.width() > 100
    press_keys(Qt.Key.Key_Minus)
    press_keys(*[Qt.Key.Key_Minus] * 9)
    press_keys(Qt.Key.Key_0)

    assert sizes == [110, 150, 125, 80, 100]
    assert qapp.font().pixelSize() == 13
