"""The Run screen: picker and memory above, output and inputs at the left, parameters at the right, runs below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heygen_desktop.presentation.desktop.ports import Memory
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.screens.run.compare_page import ComparePage
from heygen_desktop.presentation.desktop.screens.run.comparison import Comparison
from heygen_desktop.presentation.desktop.screens.run.inputs import InputsPane
from heygen_desktop.presentation.desktop.screens.run.parameters import ParametersPanel
from heygen_desktop.presentation.desktop.screens.run.picker import ModelPicker
from heygen_desktop.presentation.desktop.screens.run.rows import (
    MemoryChip,
    ModelRow,
    NextRequest,
    RunFacts,
    RunsShown,
)
from heygen_desktop.presentation.desktop.screens.run.run_card import RunCard
from heygen_desktop.presentation.desktop.screens.run.runs_pane import RunsPane
from heygen_desktop.presentation.desktop.theme.theme import Theme, ZoomedWidth
from heygen_desktop.presentation.desktop.theme.tokens import SPACE_1, SPACE_3, SPACE_4
from heygen_desktop.presentation.desktop.widgets.buttons import button, shortcut
from heygen_desktop.presentation.desktop.widgets.empty_state import EmptyState
from heygen_desktop.presentation.desktop.widgets.labels import Badge, label, page_title
from heygen_desktop.presentation.desktop.widgets.layout import (
    STYLE,
    column,
    held,
    keep_sizes,
    row,
)
from heygen_desktop.presentation.desktop.widgets.problem import ProblemBanner

_SIDE_WIDTH = 256
_WORK, _EMPTY, _COMPARE = 0, 1, 2


class RunScreenView(QWidget):
    """Passive: shows what it is told and speaks through signals."""

    run_again_requested = Signal(bool)
    copy_requested = Signal()
    save_place_chosen = Signal(str)
    log_requested = Signal()
    unload_requested = Signal()
    starter_requested = Signal()
    library_requested = Signal()
    ticked = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._picker = ModelPicker(theme)
        self._fit = Badge()
        self._facts = label("", "small")
        self._chip = label("", "small")
        self._unload = button("Unload", self.unload_requested.emit, "link")
        self._banner = ProblemBanner()
        self.card = RunCard(theme, memory)
        self._inputs = InputsPane(theme)
        self.inputs_form = self._inputs.form
        self._parameters = ParametersPanel(theme)
        ZoomedWidth(self._parameters, theme, _SIDE_WIDTH)
        self._runs = RunsPane(theme, memory)
        self._pages = QStackedWidget()
        self._home = _WORK
        """The page under a comparison."""
        self._pages.addWidget(self._working_page(memory))
        self._pages.addWidget(self._empty_page(theme))
        self._compare = ComparePage(theme, memory)
        self._pages.addWidget(self._compare)
        column(self._banner, (self._pages, 1), on=self, spacing=0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.ticked)
        self._connect()
        self._add_shortcuts()

    def show_models(self, rows: Sequence[ModelRow], picked: str) -> None:
        self._home = _WORK if rows else _EMPTY
        if self._pages.currentIndex() != _COMPARE:
            self._pages.setCurrentIndex(self._home)
        self._picker.show_models(rows, picked)
        for model in rows:
            if model.reference == picked:
                self._fit.show_badge(model.fit, model.fit_tone)
                self._fit.setToolTip(model.fit_reason)
                self._facts.setText(model.facts)
                self._facts.setToolTip(model.fit_reason)

    def show_memory(self, chip: MemoryChip | None) -> None:
        self._chip.setVisible(chip is not None)
        self._unload.setVisible(chip is not None)
        if chip is not None:
            self._chip.setText(chip.text)
            self._chip.setToolTip(chip.tooltip)

    def show_request(self, request: NextRequest) -> None:
        self.inputs_form.show_inputs(request.inputs)
        self.card.show_examples(request.examples)
        self._parameters.show_parameters(request.parameters)
        self._parameters.show_presets(request.presets, request.preset)
        self._inputs.show_count(request.count)
        self._inputs.show_can_run(request.can_run)

    def show_run(self, facts: RunFacts) -> None:
        self.card.show_facts(facts)

    def show_runs(self, shown: RunsShown) -> None:
        self._runs.show_runs(shown)
        self.card.welcome(bool(shown.total))
        self._parameters.show_can_reuse(bool(shown.rows))

    def show_comparison(self, comparison: Comparison) -> None:
        self._compare.show_comparison(comparison)
        self._pages.setCurrentIndex(_COMPARE)
        self._compare.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_stop(self, stops: str) -> None:
        self._inputs.show_stop(stops)

    def select_run(self, run_id: str) -> None:
        self._leave_comparison()
        self._runs.select(run_id)

    def show_no_run(self) -> None:
        self.card.show_no_run()
        self._runs.select("")

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

    def tick_every(self, seconds: float) -> None:
        if not seconds:
            self._timer.stop()
        elif seconds != self._timer.interval() / 1000 or not self._timer.isActive():
            self._timer.start(round(1000 * seconds))

    def focus_input(self) -> None:
        """Let the next key be written into the first input."""
        self._leave_comparison()
        self.inputs_form.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Let the next key be part of a search for runs."""
        self._leave_comparison()
        self._runs.focus_search()

    def show_queue(self) -> None:
        """Bring the queue forward."""
        self._leave_comparison()
        self._runs.show_queue()

    def _connect(self) -> None:
        inputs, parameters = self._inputs, self._parameters
        card, history, queue = self.card, self._runs.history, self._runs.queue
        self.model_picked = self._picker.picked
        self.input_changed = self.inputs_form.changed
        self.file_chosen = self.inputs_form.file_chosen
        self.run_requested = inputs.run_requested
        self.stop_requested = inputs.stop_requested
        self.command_line_requested = inputs.command_line_requested
        self.parameter_changed = parameters.changed
        self.preset_picked = parameters.preset_picked
        self.preset_named = parameters.preset_named
        self.preset_removed = parameters.preset_removed
        self.seed_reuse_requested = parameters.seed_reuse_requested
        self.example_picked = card.example_picked
        self.scan_requested = card.scan_requested
        self.run_selected = self._runs.selected
        self.run_stop_requested = self._runs.stop_requested
        self.search_requested = history.search_requested
        self.run_renamed = history.renamed
        self.pin_requested = history.pin_requested
        self.removal_requested = history.removal_requested
        self.clear_requested = history.clear_requested
        self.comparison_requested = history.comparison_requested
        self._compare.closed.connect(self._leave_comparison)
        self.queue_arranged = queue.arranged
        self.queue_clear_requested = queue.clear_requested
        self.parameters_wanted = history.parameters_wanted
        self.inputs_wanted = history.inputs_wanted
        self.save_requested = history.save_requested
        self.more_requested = history.more_requested
        card.example_picked.connect(lambda _text: self.focus_input())
        for run in (card, history):
            run.again_requested.connect(self.run_again_requested)
            run.log_requested.connect(self.log_requested)
            run.copy_requested.connect(self.copy_requested)

    def _add_shortcuts(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(self, keys, self._run_unless_comparing)
        shortcut(self, "Esc", self._escape)
        shortcut(self, "Ctrl+F", self.focus_search)

    def _run_unless_comparing(self) -> None:
        if self._pages.currentIndex() != _COMPARE:
            self.run_requested.emit()

    def _escape(self) -> None:
        """Leave what lies over the runs, or stop one."""
        if self._pages.currentIndex() == _COMPARE:
            self._leave_comparison()
        else:
            self.stop_requested.emit()

    def _leave_comparison(self) -> None:
        if self._pages.currentIndex() == _COMPARE:
            self._pages.setCurrentIndex(self._home)
            self._runs.history.setFocus(Qt.FocusReason.OtherFocusReason)

    def _working_page(self, memory: Memory) -> QWidget:
        writing = QSplitter(Qt.Orientation.Vertical)
        writing.addWidget(self.card)
        writing.addWidget(self._inputs)
        writing.setStretchFactor(0, 1)
        writing.setSizes([400, 116])
        writing.setChildrenCollapsible(False)
        keep_sizes(writing, memory, "run/writing")
        writing.setHandleWidth(SPACE_3)
        writing.setStyleSheet("QSplitter::handle { background: transparent; }")
        margins = (SPACE_4, 0, SPACE_4, SPACE_3)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(held(row((writing, 1), self._parameters, spacing=SPACE_4, margins=margins)))
        body.addWidget(self._runs)
        body.setStretchFactor(0, 3)
        body.setStretchFactor(1, 1)
        body.setSizes([520, 176])
        body.setCollapsible(0, False)
        keep_sizes(body, memory, "run/history_height")
        return held(column(self._head(), (body, 1), spacing=0))

    def _head(self) -> QHBoxLayout:
        return row(
            page_title("Run"),
            SPACE_1,
            (self._picker, 1000),  # up to its widest; what is left stays empty
            self._fit,
            self._facts,
            None,
            self._chip,
            self._unload,
            margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3),
        )

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
        words = empty.layout()
        if isinstance(words, QVBoxLayout):  # after its stretch and its words
            words.insertWidget(2, other, 0, Qt.AlignmentFlag.AlignHCenter)
        margins = (SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        return held(column(page_title("Run"), (empty, 1), spacing=STYLE, margins=margins))
