"""The library's widgets: each signal and each thing that is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.library.details import (
    ModelDetails,
    RunLine,
    details_of,
)
from heygen_desktop.presentation.desktop.screens.library.narrowing import (
    Facet,
    FacetGroup,
    LibraryPicture,
)
from heygen_desktop.presentation.desktop.screens.library.rows import ModelRow, row_of
from heygen_desktop.presentation.desktop.screens.library.table import COLUMNS, VERDICT_COLUMN
from heygen_desktop.presentation.desktop.screens.library.view import LibraryView
from heygen_desktop.presentation.desktop.theme.theme import Theme, ThemeChoice
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPushButton,
    QStyleOptionViewItem,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, an_artifact
from tests.fakes.tasks import FakeMemory


def registered(*names: str) -> tuple[list[ModelRow], list[ModelDetails]]:
    """Return rows and details of models with these names."""
    parts = FakeParts()
    app = fake_application(parts)
    for name in names:
        path = Path("/models") / name
        parts.artifacts.known[path] = an_artifact(path, warnings=("It has no tokenizer.",))
        app.model_files.verify(app.register_model(Registration(path)).reference)
    found = app.list_models()
    return [row_of(s, ()) for s in found], [details_of(s, (), ()) for s in found]


ROWS, DETAILS = registered("bert", "llama")
PICTURE = LibraryPicture(ROWS, "2 models", selected="bert")


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, memory: FakeMemory) -> LibraryView:
    made = LibraryView(theme, memory)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.show_list(PICTURE)
    made.inspector.show_model(DETAILS[0])
    return made


def test_models_are_shown_without_saying_that_one_was_selected(
    qtbot: QtBot, view: LibraryView
) -> None:
    with qtbot.assertNotEmitted(view.model_selected):
        view.show_list(replace(PICTURE, selected="llama"))

    assert view.table.selected_key == "llama"
    assert view.table.isVisible()


def test_where_the_wanted_model_is_not_shown_another_one_is_in_focus(view: LibraryView) -> None:
    assert view.show_list(replace(PICTURE, selected="gone")) == "bert"
    assert view.show_list(replace(PICTURE, rows=ROWS[1:], selected="bert")) == "llama"
    assert view.show_list(LibraryPicture()) == ""


def test_a_click_on_a_model_says_which(qtbot: QtBot, view: LibraryView) -> None:
    with qtbot.waitSignal(view.model_selected) as said:
        view.table.selectRow(1)

    assert said.args == ["llama"]


def test_the_search_is_said_once_the_typing_pauses(qtbot: QtBot, view: LibraryView) -> None:
    with qtbot.waitSignal(view.search_changed) as said:
        QTest.keyClicks(view.search, "ber")

    assert said.args == ["ber"]


def test_clearing_the_filters_empties_the_field_quietly(qtbot: QtBot, view: LibraryView) -> None:
    view.search.setText("ber")
    with qtbot.waitSignal(view.search_changed):
        pass

    view.show_search_cleared()

    assert view.search.text() == ""


LANGUAGE = Facet("type", "language", "Language", 2, False)
AUDIO = Facet("type", "audio", "Audio", 1, False)
GROUPS = (
    FacetGroup("", (Facet("favourite", "Favourites", "Favourites", 1, False),)),
    FacetGroup("Type", (LANGUAGE, AUDIO)),
)


def show_facets(view: LibraryView, *groups: FacetGroup) -> None:
    view.show_list(replace(PICTURE, groups=groups))


def facets(view: LibraryView) -> list[tuple[str, str, bool]]:
    """Return title, count and whether it is chosen of each line, headings included."""
    tree, found = view.facets.tree, []
    item = tree.topLevelItem(0)
    while item is not None:
        is_on = item.checkState(0) is Qt.CheckState.Checked
        found.append((item.text(0), item.text(1), is_on))
        item = tree.itemBelow(item)
    return found


def facet(view: LibraryView, title: str) -> QTreeWidgetItem:
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return view.facets.tree.findItems(title, flags)[0]


def test_facets_are_listed_by_kind_with_their_counts(view: LibraryView) -> None:
    show_facets(view, *GROUPS)

    assert facets(view) == [
        ("Favourites", "1", False), ("Type", "", False), ("Language", "2", False), ("Audio", "1", False),
    ]  # fmt: skip


def test_a_click_on_a_facet_and_the_keyboard_say_kind_and_value(
    qtbot: QtBot, view: LibraryView
) -> None:
    view.facets_button.click()
    show_facets(view, *GROUPS)
    tree = view.facets.tree

    with qtbot.waitSignal(view.facet_requested) as clicked:
        QTest.mouseClick(
            tree.viewport(),
            Qt.MouseButton.LeftButton,
            pos=tree.visualItemRect(facet(view, "Audio")).center(),
        )
    QTest.keyClick(tree, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.facet_requested) as pressed:
        QTest.keyClick(tree, Qt.Key.Key_Space)
    QTest.keyClick(tree, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.facet_requested) as over_the_heading:
        QTest.keyClick(tree, Qt.Key.Key_Return)

    assert clicked.args == ["type", "audio"]
    assert pressed.args == ["type", "language"]
    assert over_the_heading.args == ["favourite", "Favourites"]


def test_the_keyboard_stays_on_its_facet_when_others_come(view: LibraryView) -> None:
    show_facets(view, *GROUPS)
    tree = view.facets.tree
    tree.setCurrentItem(facet(view, "Audio"))

    show_facets(view, FacetGroup("Type", (replace(AUDIO, is_on=True), LANGUAGE)))

    current = tree.currentItem()
    assert current is not None and current.text(0) == "Audio"
    assert facets(view)[1] == ("Audio", "1", True)


def test_facets_keep_their_look_when_the_theme_changes(view: LibraryView, theme: Theme) -> None:
    show_facets(view, *GROUPS)
    before = facets(view)

    theme.apply(ThemeChoice.DARK)

    assert facets(view) == before


def test_facets_can_all_be_let_go(qtbot: QtBot, view: LibraryView) -> None:
    view.facets_button.click()
    show_facets(view, FacetGroup("Type", (LANGUAGE, replace(AUDIO, is_on=True))))
    clear = next(b for b in view.facets.findChildren(QPushButton) if b.text() == "Clear")

    with qtbot.waitSignal(view.filters_cleared):
        clear.click()
    show_facets(view, *GROUPS)

    assert view.facets_button.text() == "Filters"
    assert not clear.isVisible()


def test_facets_are_there_where_there_is_room_until_somebody_chooses(
    view: LibraryView, memory: FakeMemory
) -> None:
    show_facets(view, *GROUPS)
    narrow = view.facets.isVisible()
    view.resize(1600, 900)
    wide = view.facets.isVisible()

    view.facets_button.click()
    chosen = view.facets.isVisible()
    view.resize(1700, 900)

    assert (narrow, wide, chosen, view.facets.isVisible()) == (False, True, False, False)
    assert memory.recall("library/facets") == "hidden"


def test_a_library_with_nothing_to_narrow_says_nothing_of_filters(view: LibraryView) -> None:
    show_facets(view)

    assert not view.facets_button.isVisible()
    assert not view.facets.isVisible()


def test_how_many_filters_are_on_is_said_while_they_are_out_of_view(view: LibraryView) -> None:
    show_facets(view, FacetGroup("Type", (LANGUAGE, replace(AUDIO, is_on=True))))

    assert view.facets_button.text() == "Filters · 1"


def test_an_empty_library_offers_three_ways_to_begin(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, folder="/models/new")
    view.show_list(LibraryPicture())

    assert view.beginning.isVisible()
    assert not view.folder_button.isVisible()
    ways = {way.text(): way for way in view.beginning.findChildren(QPushButton)}
    with qtbot.waitSignal(view.starter_requested):
        ways["Add the starter model"].click()
    with qtbot.waitSignal(view.paths_chosen):
        ways["Register folder…"].click()
    with qtbot.waitSignal(view.scan_requested):
        ways["Scan a folder…"].click()


def test_a_search_without_a_match_offers_to_clear_it(qtbot: QtBot, view: LibraryView) -> None:
    view.show_list(
        LibraryPicture(nothing="No model matches “zebra”.", way_back="Clear search and filters")
    )

    assert view.nothing.isVisible()
    assert view.nothing.findChildren(QPushButton)[0].text() == "Clear search and filters"
    assert view.search.isVisible()
    with qtbot.waitSignal(view.filters_cleared):
        view.nothing.action_requested.emit()


def test_a_problem_can_be_tried_again_and_goes(qtbot: QtBot, view: LibraryView) -> None:
    view.show_problem(Problem("The list cannot be read.", "A cause.", "A remedy."))
    shown = view.banner.isVisible()

    with qtbot.waitSignal(view.refresh_requested):
        view.banner.retry_requested.emit()
    view.show_problem(None)

    assert shown
    assert not view.banner.isVisible()


def choose(
    monkeypatch: pytest.MonkeyPatch, *, folder: str = "", files: tuple[str, ...] = ()
) -> list[str]:
    """Let the system's dialogs answer this; return the folders in which they began."""
    began: list[str] = []

    def one(_parent: QWidget, _title: str, start: str) -> str:
        began.append(start)
        return folder

    def several(_parent: QWidget, _title: str, start: str) -> tuple[list[str], str]:
        began.append(start)
        return list(files), ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", several)
    return began


def test_a_chosen_folder_is_said_and_the_next_dialog_begins_beside_it(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = choose(monkeypatch, folder="/models/new")

    with qtbot.waitSignal(view.paths_chosen) as said:
        view.folder_button.click()
    view.folder_button.click()

    assert said.args == [[Path("/models/new")]]
    assert began == [str(Path.home()), "/models"]


def test_chosen_files_are_said_together(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, files=("/m/a.safetensors", "/m/b.safetensors"))

    with qtbot.waitSignal(view.paths_chosen) as said:
        view.file_button.click()

    assert said.args == [[Path("/m/a.safetensors"), Path("/m/b.safetensors")]]


def test_a_folder_to_search_is_said(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, folder="/models")

    with qtbot.waitSignal(view.scan_requested) as said:
        view.scan_button.click()

    assert said.args == [Path("/models")]


def test_a_dialog_that_was_cancelled_says_nothing(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch)

    with qtbot.assertNotEmitted(view.paths_chosen), qtbot.assertNotEmitted(view.scan_requested):
        view.choose_folder()
        view.choose_files()
        view.choose_scan()


def test_the_keyboard_searches_registers_refreshes_removes_and_runs(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, folder="/models/new")
    view.activateWindow()
    view.table.setFocus()

    with qtbot.waitSignal(view.removal_requested) as removal:
        QTest.keyClick(view.table, Qt.Key.Key_Delete)
    with qtbot.waitSignal(view.inspector.run_requested):
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.paths_chosen):
        QTest.keyClick(view, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(view.refresh_requested):
        QTest.keyClick(view, Qt.Key.Key_F5)
    QTest.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)

    assert removal.args == [["bert"]]
    assert view.search.hasFocus()


def test_the_down_key_leads_from_the_search_into_the_list(view: LibraryView) -> None:
    view.activateWindow()
    view.focus_search()

    QTest.keyClick(view.search, Qt.Key.Key_Down)

    assert view.table.hasFocus()


def test_all_selected_models_are_named_when_they_shall_go(qtbot: QtBot, view: LibraryView) -> None:
    view.table.selectAll()

    with qtbot.waitSignal(view.removal_requested) as said:
        view.inspector.remove_button.click()

    assert said.args == [["bert", "llama"]]


def test_the_menu_offers_what_can_be_done_with_the_model(qtbot: QtBot, view: LibraryView) -> None:
    menu = view.menu_for("bert")
    actions = {action.text(): action for action in menu.actions() if action.text()}

    with qtbot.waitSignal(view.inspector.load_requested):
        actions["Load into memory"].trigger()
    actions["Copy name"].trigger()
    name = QGuiApplication.clipboard().text()
    actions["Copy path"].trigger()
    path = QGuiApplication.clipboard().text()
    actions["Copy rows as text"].trigger()
    rows = QGuiApplication.clipboard().text()
    menu.deleteLater()
    settle()

    assert (name, path) == ("bert", "/models/bert")
    assert rows.splitlines()[0].startswith("Name\t★\tParameters\tPrecision\tSize\tFits?")
    assert list(actions) == [
        "Run", "Load into memory", "Make it a favourite", "Copy name", "Copy path", "Copy rows as text",
        "Verify its files", "Show in the file manager", "Remove", "Columns", "Sort by",
    ]  # fmt: skip


def test_the_menu_of_a_model_in_memory_offers_to_unload_it(qtbot: QtBot, view: LibraryView) -> None:
    view.inspector.unload_button.show()
    view.inspector.load_button.hide()
    menu = view.menu_for("bert")

    with qtbot.waitSignal(view.inspector.unload_requested):
        next(a for a in menu.actions() if a.text() == "Unload from memory").trigger()
    menu.deleteLater()
    settle()


def test_the_menu_opens_at_the_row_and_goes_when_it_is_left(view: LibraryView) -> None:
    view.table.menu_requested.emit("bert", QPoint(10, 10))
    settle()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    settle()

    assert QApplication.activePopupWidget() is None


def test_the_verdict_is_drawn_on_a_ground_of_its_colour(view: LibraryView) -> None:
    picture = view.table.grab().toImage()
    index = view.table.model().index(1, VERDICT_COLUMN)
    box = view.table.visualRect(index)
    header = view.table.horizontalHeader().height()

    inside = picture.pixelColor(box.left() + 11, box.center().y() + header)
    outside = picture.pixelColor(box.right() - 4, box.center().y() + header)

    assert inside != outside
    delegate = view.table.itemDelegateForColumn(VERDICT_COLUMN)
    assert delegate.sizeHint(QStyleOptionViewItem(), index).width() > 0


def test_columns_say_what_they_mean_and_show_the_exact_figure_on_hover() -> None:
    by_key = {column.key: column for column in COLUMNS}
    row = ROWS[0]

    assert [column.text(row) for column in COLUMNS[:6]] == [
        "bert",
        "",
        "3.5 M",
        "fp16",
        "7.0 MB",
        "Fits",
    ]
    for key, shown in (
        ("parameters", "3,499,500"),
        ("size", "7,000,700 bytes"),
        ("name", "bert@1.0.0"),
    ):
        tooltip = by_key[key].tooltip
        assert tooltip is not None and tooltip(row) == shown


def test_the_splitter_is_where_it_was_left(
    qtbot: QtBot, view: LibraryView, theme: Theme, memory: FakeMemory
) -> None:
    view._splitter.setSizes([600, 600])
    view._splitter.splitterMoved.emit(600, 1)

    again = LibraryView(theme, memory)
    qtbot.addWidget(again)
    again.resize(1200, 700)
    again.show_list(PICTURE)
    again.show()
    settle()

    assert abs(again._splitter.sizes()[1] - view._splitter.sizes()[1]) <= 2


def test_the_sheet_covers_the_list_until_it_is_closed(
    qtbot: QtBot, view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, folder="/models/new", files=("/m/a",))
    view.sheet.open()
    covered = view.sheet.isVisible()

    for wanted, said in (
        (view.sheet.folder_wanted, view.paths_chosen),
        (view.sheet.files_wanted, view.paths_chosen),
        (view.sheet.scan_wanted, view.scan_requested),
    ):
        with qtbot.waitSignal(said):
            wanted.emit()
    view.sheet.close_sheet()

    assert covered
    assert view.table.isVisible()


def test_the_inspector_shows_a_model_with_all_its_facts(view: LibraryView) -> None:
    inspector = view.inspector

    assert inspector.run_button.isVisible()
    assert inspector.title.toolTip() == "bert"
    assert ("Parameters", "3,499,500") in inspector.artifact.facts.list.rows()
    assert inspector.path_label.toolTip() == "/models/bert"
    assert inspector.artifact.warnings.isVisible()
    assert inspector.artifact.memory.sentence.text().startswith("Fits on the CPU")
    assert not inspector.artifact.header.isVisible()


def test_the_inspector_speaks_through_its_buttons(qtbot: QtBot, view: LibraryView) -> None:
    inspector = view.inspector
    inspector.unload_button.show()

    for pressed, said in (
        (inspector.run_button, inspector.run_requested),
        (inspector.load_button, inspector.load_requested),
        (inspector.unload_button, inspector.unload_requested),
        (inspector.remove_button, inspector.removal_requested),
        (inspector.reveal_button, inspector.reveal_requested),
        (inspector.favourite_button, inspector.favourite_toggled),
    ):
        with qtbot.waitSignal(said):
            pressed.click()


def test_the_whole_checksum_and_path_are_copied(view: LibraryView) -> None:
    view.inspector.copy_checksum_button.click()
    checksum = QGuiApplication.clipboard().text()
    view.inspector.copy_path_button.click()

    assert checksum == "sha256:" + "ab" * 32
    assert QGuiApplication.clipboard().text() == "/models/bert"


def test_loading_is_shown_with_a_way_to_cancel(qtbot: QtBot, view: LibraryView) -> None:
    view.inspector.show_loading("Loading bert", 0.5)
    loading = (view.inspector.progress.isVisible(), view.inspector.load_button.isEnabled())

    with qtbot.waitSignal(view.inspector.loading_cancelled):
        view.inspector.progress.cancel_requested.emit()
    view.inspector.show_loading_ended()

    assert loading == (True, False)
    assert not view.inspector.progress.isVisible()
    assert view.inspector.load_button.isEnabled()


def test_the_last_runs_open_on_the_run_screen(qtbot: QtBot, view: LibraryView) -> None:
    runs = (RunLine("r1", "Succeeded", "success", "2026-01-01 12:00 · 41.2 tok/s"),)
    view.inspector.show_model(replace(DETAILS[0], runs=runs, loaded="In memory on cpu."))
    opening = next(
        made
        for made in view.inspector.findChildren(QPushButton)
        if made.accessibleName().startswith("Open the run of 2026-01-01")
    )

    with qtbot.waitSignal(view.inspector.past_run_requested) as said:
        opening.click()

    assert said.args == ["r1"]
    assert view.inspector.unload_button.isVisible()


def test_without_a_model_the_inspector_says_what_to_do(view: LibraryView) -> None:
    view.inspector.show_model(None)

    assert not view.inspector.run_button.isVisible()


def test_a_problem_of_the_model_stands_in_the_inspector(view: LibraryView) -> None:
    view.inspector.show_problem(Problem("bert is not loaded."))
    shown = view.inspector.banner.isVisible()
    view.inspector.show_problem(None)

    assert shown
    assert not view.inspector.banner.isVisible()


def test_a_model_of_which_nothing_is_known_shows_only_why(view: LibraryView) -> None:
    view.inspector.show_model(Problem("bert is gone."))

    assert view.inspector.unreadable.isVisible()
    assert not view.inspector.run_button.isVisible()


def test_the_folder_is_opened_by_the_system(
    view: LibraryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)

    assert view.inspector.reveal("/models/bert")
    assert opened == ["/models/bert"]


def test_status_and_date_can_be_read_beside_the_inspector_at_the_first_size() -> None:
    beside_rail_and_inspector = 1280 - 100 - 352
    widths = {column.key: column.width for column in COLUMNS}
    keys = list(widths)

    assert sum(widths[key] for key in keys[: keys.index("added") + 1]) <= beside_rail_and_inspector
    assert keys.index("status") < keys.index("added")
