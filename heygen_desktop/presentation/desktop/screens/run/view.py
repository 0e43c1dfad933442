"""The Run screen: picker and memory above, output and inputs at the left, parameters at the right, runs below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.run.history import HistoryPane
from heygen_desktop.presentation.desktop.screens.run.inputs import InputsPane
from heygen_desktop.presentation.desktop.screens.run.parameters import ParametersPanel
from heygen_desktop.presentation.desktop.screens.run.picker import ModelPicker
from heygen_desktop.presentation.desktop.screens.run.rows import (
    InputRow,
    MemoryChip,
    ModelRow,
    ParameterRow,
    RunRow,
)
from heygen_desktop.presentation.desktop.screens.run.run_card import RunCard
from heygen_desktop.presentation.desktop.theme.theme import Theme
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button
from heygen_desktop.presentation.desktop.widgets.cards import KeyValueList
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, page_title
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_TICK_MS = 250
_SIDE_WIDTH = 240
_PARAMETERS, _DETAILS = 0, 1


class RunScreenView(QWidget):
    """Passive: shows what it is told and speaks through signals."""

    model_picked = Signal(str)
    input_changed = Signal(str, object)
    file_chosen = Signal(str, str)
    example_picked = Signal(str)
    parameter_changed = Signal(str, str)
    seed_changed = Signal(str, bool)
    seed_reuse_requested = Signal()
    run_requested = Signal()
    stop_requested = Signal()
    run_selected = Signal(str)
    run_again_requested = Signal(bool)
    parameters_wanted = Signal()
    copy_requested = Signal()
    save_requested = Signal()
    save_place_chosen = Signal(str)
    command_line_requested = Signal()
    log_requested = Signal()
    more_requested = Signal()
    unload_requested = Signal()
    starter_requested = Signal()
    library_requested = Signal()
    ticked = Signal()

    def __init__(self, theme: Theme, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._picker = ModelPicker(theme)
        self._fit = Badge()
        self._facts = label("", "small")
        self._chip = label("", "small")
        self._unload = button("Unload", self.unload_requested.emit, "link")
        self._banner = ProblemBanner()
        self.card = RunCard(theme, memory)
        self._inputs = InputsPane(theme)
        self._parameters = ParametersPanel(theme)
        self._details = KeyValueList()
        self._side = QTabWidget()
        self._history = HistoryPane(theme, memory)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._working_page())
        self._pages.addWidget(self._empty_page(theme))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._banner)
        layout.addWidget(self._pages, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.ticked)
        self._connect()
        self._add_shortcuts()

    def show_models(self, rows: Sequence[ModelRow], picked: str) -> None:
        self._pages.setCurrentIndex(0)
        self._picker.show_models(rows, picked)
        for row in rows:
            if row.reference == picked:
                self._fit.show_badge(row.fit, row.fit_tone)
                self._fit.setToolTip(row.fit_reason)
                self._facts.setText(row.facts)
                self._facts.setToolTip(row.fit_reason)

    def show_no_models(self) -> None:
        self._pages.setCurrentIndex(1)

    def show_memory(self, chip: MemoryChip | None) -> None:
        self._chip.setVisible(chip is not None)
        self._unload.setVisible(chip is not None)
        if chip is not None:
            self._chip.setText(chip.text)
            self._chip.setToolTip(chip.tooltip)

    def show_inputs(self, rows: Sequence[InputRow]) -> None:
        self._inputs.form.show_inputs(rows)

    def show_examples(self, examples: Sequence[str]) -> None:
        self.card.show_examples(examples)

    def show_parameters(self, rows: Sequence[ParameterRow]) -> None:
        self._parameters.show_parameters(rows)

    def show_seed(self, text: str, *, is_random: bool) -> None:
        self._parameters.show_seed(text, is_random)

    def show_can_run(self, can_run: bool) -> None:
        self._inputs.show_can_run(can_run)

    def show_can_stop(self, can_stop: bool) -> None:
        self._inputs.show_can_stop(can_stop)
        self._history.show_can_cancel(can_stop)

    def show_details(self, rows: Sequence[tuple[str, str]]) -> None:
        self._details.show_rows(rows)
        self._side.setTabEnabled(_DETAILS, True)

    def bring_details_forward(self) -> None:
        self._side.setCurrentIndex(_DETAILS)

    def show_history(self, rows: Sequence[RunRow], total: int) -> None:
        self._history.show_rows(rows, total)
        self._parameters.show_can_reuse(bool(rows))

    def select_run(self, run_id: str) -> None:
        self._history.select(run_id)

    def show_problem(self, problem: Problem | None) -> None:
        self._banner.show_problem(problem)

    def ask_where_to_save(self, suggested: str) -> None:
        dialog = QFileDialog(self, "Save output", suggested)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_place_chosen)
        dialog.open()

    def copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def tick(self, on: bool) -> None:
        if on != self._timer.isActive():
            (self._timer.start if on else self._timer.stop)()

    @property
    def inputs_form(self) -> QWidget:
        """Where the inputs are entered."""
        return self._inputs.form

    def focus_input(self) -> None:
        """Let the next key be written into the first input."""
        self._inputs.take_focus()

    def _connect(self) -> None:
        self._picker.picked.connect(self.model_picked)
        self._inputs.changed.connect(self.input_changed)
        self._inputs.form.file_chosen.connect(self.file_chosen)
        self._inputs.run_requested.connect(self.run_requested)
        self._inputs.stop_requested.connect(self.stop_requested)
        self._inputs.command_line_requested.connect(self.command_line_requested)
        self._parameters.changed.connect(self.parameter_changed)
        self._parameters.seed_changed.connect(self.seed_changed)
        self._parameters.seed_reuse_requested.connect(self.seed_reuse_requested)
        self.card.example_picked.connect(self._take_example)
        self.card.again_requested.connect(lambda: self.run_again_requested.emit(True))
        self.card.log_requested.connect(self.log_requested)
        self.card.copy_requested.connect(self.copy_requested)
        history = self._history
        history.selected.connect(self.run_selected)
        history.again_requested.connect(self.run_again_requested)
        history.parameters_wanted.connect(self.parameters_wanted)
        history.copy_requested.connect(self.copy_requested)
        history.save_requested.connect(self.save_requested)
        history.log_requested.connect(self.log_requested)
        history.cancel_requested.connect(self.stop_requested)
        history.more_requested.connect(self.more_requested)

    def _add_shortcuts(self) -> None:
        for keys, signal in (
            ("Ctrl+Return", self.run_requested),
            ("Ctrl+Enter", self.run_requested),
            ("Esc", self.stop_requested),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(signal)

    def _take_example(self, text: str) -> None:
        self.example_picked.emit(text)
        self.focus_input()

    def _working_page(self) -> QWidget:
        writing = QSplitter(Qt.Orientation.Vertical)
        writing.addWidget(self.card)
        writing.addWidget(self._inputs)
        writing.setStretchFactor(0, 1)
        writing.setSizes([400, 116])
        writing.setChildrenCollapsible(False)
        writing.setHandleWidth(SPACE_3)
        writing.setStyleSheet("QSplitter::handle { background: transparent; }")
        self._fill_side()
        upper = QWidget()
        row = QHBoxLayout(upper)
        row.setContentsMargins(SPACE_4, 0, SPACE_4, SPACE_3)
        row.setSpacing(SPACE_4)
        row.addWidget(writing, 1)
        row.addWidget(self._side)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(upper)
        body.addWidget(self._history)
        body.setStretchFactor(0, 3)
        body.setStretchFactor(1, 1)
        body.setSizes([520, 176])
        body.setCollapsible(0, False)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(body, 1)
        return page

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        head.setSpacing(SPACE_2)
        head.addWidget(page_title("Run"))
        head.addSpacing(SPACE_1)
        head.addWidget(self._picker, 1000)  # up to its widest; what is left stays empty
        head.addWidget(self._fit)
        head.addWidget(self._facts)
        head.addStretch(1)
        head.addWidget(self._chip)
        head.addWidget(self._unload)
        return head

    def _fill_side(self) -> None:
        self._side.setFixedWidth(_SIDE_WIDTH)
        self._side.setDocumentMode(True)
        self._side.setAccessibleName("Parameters and facts of the run")
        self._side.tabBar().setDrawBase(False)
        self._side.addTab(_scrolled(self._parameters), "Parameters")
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        column.addWidget(self._details)
        column.addStretch(1)
        self._side.addTab(_scrolled(held), "This run")
        self._side.setTabEnabled(_DETAILS, False)

    def _empty_page(self, theme: Theme) -> QWidget:
        empty = EmptyState(
            theme.icon("cube-outline", "text_quiet"),
            "No model to run yet",
            "Register a model folder in the Library, or begin with the small model that comes with "
            "the program.",
            "Add the starter model",
        )
        empty.action_requested.connect(self.starter_requested)
        other = button("Open the Library", self.library_requested.emit, "flat")
        column = empty.layout()
        if isinstance(column, QVBoxLayout):  # after its stretch and its words
            column.insertWidget(2, other, 0, Qt.AlignmentFlag.AlignHCenter)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        whole.addWidget(page_title("Run"))
        whole.addWidget(empty, 1)
        return page


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    widget.setProperty("role", "body")
    area.setWidget(widget)
    return area
