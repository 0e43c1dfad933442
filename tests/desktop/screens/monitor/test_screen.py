"""View, presenter and readings together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from heygen_desktop.presentation.desktop.qt.tasks import QtTaskRunner
from heygen_desktop.presentation.desktop.screen import ScreenContext
from heygen_desktop.presentation.desktop.screens.monitor import build
from heygen_desktop.presentation.desktop.screens.monitor.cards import ChartCard
from heygen_desktop.presentation.desktop.screens.monitor.view import MonitorScreen
from heygen_desktop.presentation.desktop.theme.theme import Theme
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import wait_for
from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.metrics import a_sample
from tests.fakes.tasks import FakeEvents, FakeMemory, FakeNavigation, FakeNotices


def test_the_charts_move_while_somebody_looks(
    qtbot: QtBot, theme: Theme, memory: FakeMemory, tasks: QtTaskRunner
) -> None:
    parts = FakeParts()
    start = datetime.now(UTC) - timedelta(seconds=30)
    parts.series.append(a_sample(start, cpu_percent=20.0))
    context = ScreenContext(
        fake_application(parts), tasks, FakeEvents(), FakeNavigation(), FakeNotices(), memory, theme
    )
    screen = build(context)
    view = screen.widget
    assert isinstance(view, MonitorScreen)
    assert screen.shown is not None
    assert screen.hidden is not None
    qtbot.addWidget(view)
    view.resize(900, 560)
    view.show()

    screen.shown()
    wait_for(qtbot, lambda: view.findChildren(ChartCard))
    cpu = view.findChildren(ChartCard)[0]
    assert cpu.legend.entries()[0].value == "20 %"
    parts.series.append(a_sample(start + timedelta(seconds=1), cpu_percent=70.0))
    wait_for(qtbot, lambda: cpu.legend.entries()[0].value == "70 %")
    screen.hidden()
    screen.presenter.close()


def test_a_model_is_taken_out_of_memory_from_the_table(
    qtbot: QtBot, theme: Theme, memory: FakeMemory, tasks: QtTaskRunner
) -> None:
    application = fake_application(FakeParts())
    application.ensure_starter_model()
    application.load_model("starter")
    context = ScreenContext(
        application, tasks, FakeEvents(), FakeNavigation(), FakeNotices(), memory, theme
    )
    screen = build(context)
    view = screen.widget
    assert isinstance(view, MonitorScreen)
    assert screen.shown is not None
    qtbot.addWidget(view)
    view.show()
    screen.shown()
    table = view.processes.table
    wait_for(qtbot, lambda: table.model().rowCount() == 2)

    table.selectRow(0)
    view.processes.unload.click()
    wait_for(qtbot, lambda: table.model().rowCount() == 1)
    screen.presenter.close()

    assert application.list_loaded() == []
