"""Events on their way from worker threads to the screens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.domain.events import Event, ModelVerified, RunChanged, RunProduced
from heygen_desktop.presentation.desktop.ports import Subscription
from heygen_desktop.presentation.desktop.qt.relay import EventRelay
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import settle, wait_for
from tests.factories import updates
from tests.fakes.events import RecordingEventStream
from tests.unit.presentation.desktop.runs import AT, a_run


def produced(text: str, tokens: int, run_id: str = "r1") -> RunProduced:
    return RunProduced(AT, run_id, updates.produced(text, tokens, 40.0 + tokens))


@pytest.fixture
def stream() -> RecordingEventStream:
    return RecordingEventStream()


@pytest.fixture
def relay(
    qtbot: QtBot, stream: RecordingEventStream, unexpected: list[BaseException]
) -> Iterator[EventRelay]:
    made = EventRelay(unexpected.append)
    made.attach(stream)
    yield made
    made.close()


def test_an_event_of_a_worker_thread_arrives_on_the_ui_thread(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[tuple[Event, int]] = []
    relay.subscribe(lambda event: heard.append((event, threading.get_ident())))
    event = ModelVerified(AT, "llama", "1.0.0", was_changed=False)

    thread = threading.Thread(target=stream.publish, args=(event,))
    thread.start()
    thread.join()
    assert heard == []
    wait_for(qtbot, lambda: heard)

    assert heard == [(event, threading.main_thread().ident)]


def test_a_burst_of_output_arrives_as_one_with_all_its_text(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[Event] = []
    relay.subscribe(heard.append)

    for number, word in enumerate(("The ", "quick ", "fox"), start=1):
        stream.publish(produced(word, number))
    wait_for(qtbot, lambda: heard)

    assert heard == [produced("The quick fox", 3)]


def test_output_of_two_runs_is_not_mixed(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[Event] = []
    relay.subscribe(heard.append)

    for run_id, word in (("a", "x"), ("b", "1"), ("a", "y"), ("b", "2")):
        stream.publish(produced(word, 1, run_id))
    wait_for(qtbot, lambda: len(heard) == 2)

    assert heard == [produced("xy", 1, "a"), produced("12", 1, "b")]


def test_the_end_of_a_run_never_overtakes_its_last_words(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[Event] = []
    relay.subscribe(heard.append)
    end = RunChanged(AT, a_run("r1", state=RunState.SUCCEEDED))

    for event in (produced("a", 1), produced("b", 2), end, produced("late", 3)):
        stream.publish(event)
    wait_for(qtbot, lambda: len(heard) == 3)

    assert heard == [produced("ab", 2), end, produced("late", 3)]


def test_screens_are_not_asked_to_paint_more_than_sixty_times_a_second(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[Event] = []
    relay.subscribe(heard.append)
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.001):
            stream.publish(produced("w", 1))

    thread = threading.Thread(target=write)
    before = time.monotonic()
    thread.start()
    qtbot.wait(500)
    stop.set()
    thread.join()
    settle()

    # 62.5 a second: one each 16 ms, and the first and the last at once.
    assert 1 <= len(heard) <= (time.monotonic() - before) * 62.5 + 2


def test_every_word_of_a_fast_writer_arrives(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[RunProduced] = []
    relay.subscribe(lambda event: heard.append(event) if isinstance(event, RunProduced) else None)
    words = [f"{number} " for number in range(2000)]

    def write() -> None:
        for number, word in enumerate(words):
            stream.publish(produced(word, number))

    thread = threading.Thread(target=write)
    thread.start()
    wait_for(qtbot, lambda: heard and heard[-1].update.figures.tokens == len(words) - 1)
    thread.join()

    assert "".join(event.update.text for event in heard) == "".join(words)


def test_a_listener_that_fails_does_not_silence_the_others(
    qtbot: QtBot,
    relay: EventRelay,
    stream: RecordingEventStream,
    unexpected: list[BaseException],
) -> None:
    heard: list[Event] = []

    def broken(_event: Event) -> None:
        raise KeyError("oops")

    relay.subscribe(broken)
    relay.subscribe(heard.append)
    stream.publish(ModelVerified(AT, "llama", "1.0.0", was_changed=False))
    wait_for(qtbot, lambda: heard)

    assert isinstance(unexpected[0], KeyError)


def test_a_listener_that_left_hears_nothing_more(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[str] = []
    places: list[Subscription] = []

    def first(_event: Event) -> None:
        heard.append("first")
        places[0].close()
        places[0].close()

    relay.subscribe(first)
    places.append(relay.subscribe(lambda _event: heard.append("second")))
    stream.publish(ModelVerified(AT, "llama", "1.0.0", was_changed=False))
    wait_for(qtbot, lambda: heard)

    assert heard == ["first"]


def test_a_closed_relay_lets_go_of_the_stream(
    qtbot: QtBot, relay: EventRelay, stream: RecordingEventStream
) -> None:
    heard: list[Event] = []
    relay.subscribe(heard.append)
    stream.publish(ModelVerified(AT, "llama", "1.0.0", was_changed=False))

    relay.close()
    relay.close()
    settle()

    assert stream.listeners == 0
    assert heard == []
