"""The stream of events: nothing lost, nobody stalled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from heygen_desktop.application.ports.events import EventStream, Subscription
from heygen_desktop.domain.entities.run import Loading, RunState
from heygen_desktop.domain.events import (
    Event,
    ModelRemoved,
    RunChanged,
    RunLoading,
    RunProduced,
)
from heygen_desktop.infrastructure.system.event_stream import InProcessEventStream

from tests.factories import updates
from tests.fakes.clock import FAKE_START
from tests.fakes.events import RecordingEventStream
from tests.unit.presentation.desktop.runs import a_run

REMOVED = ModelRemoved(FAKE_START, "gemma", "")
LATER = ModelRemoved(FAKE_START, "llama", "1.0.0")
PATIENCE_S = 10


class Watched:
    """A stream whose places are closed at the end of the test."""

    def __init__(self, stream: EventStream) -> None:
        self._stream = stream
        self.places: list[Subscription] = []

    def publish(self, event: Event) -> None:
        self._stream.publish(event)

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        place = self._stream.subscribe(listener)
        self.places.append(place)
        return place

    def flush(self) -> None:
        """Wait until everybody was told all."""
        assert all(place.flush(PATIENCE_S) for place in self.places)

    def close(self) -> None:
        for place in self.places:
            place.close()


@dataclass(frozen=True)
class Scene:
    """A stream, and how many errors of listeners it has reported."""

    stream: Watched
    reported: Callable[[], int]


@pytest.fixture(params=["fake", "real"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    errors: list[Exception] = []
    if request.param == "fake":
        fake = RecordingEventStream()
        scene = Scene(Watched(fake), lambda: len(fake.listener_errors))
    else:
        real = InProcessEventStream(lambda event, error: errors.append(error))
        scene = Scene(Watched(real), lambda: len(errors))
    yield scene
    scene.stream.close()


class TestEventStreamContract:
    def test_every_listener_hears_every_later_event_in_order(self, scene: Scene) -> None:
        first: list[Event] = []
        second: list[Event] = []
        scene.stream.subscribe(first.append)
        scene.stream.publish(REMOVED)
        scene.stream.subscribe(second.append)

        scene.stream.publish(LATER)
        scene.stream.flush()

        assert first == [REMOVED, LATER]
        assert second == [LATER]

    def test_a_closed_place_hears_nothing_more(self, scene: Scene) -> None:
        heard: list[Event] = []
        place = scene.stream.subscribe(heard.append)
        place.close()
        place.close()

        scene.stream.publish(REMOVED)
        scene.stream.flush()

        assert heard == []

    def test_closing_one_of_two_places_of_a_listener_leaves_the_other(self, scene: Scene) -> None:
        heard: list[Event] = []
        scene.stream.subscribe(heard.append)
        scene.stream.subscribe(heard.append).close()

        scene.stream.publish(REMOVED)
        scene.stream.flush()

        assert heard == [REMOVED]

    def test_a_listener_that_fails_stops_neither_the_others_nor_the_publisher(
        self, scene: Scene
    ) -> None:
        heard: list[Event] = []

        def fail(event: Event) -> None:
            raise LookupError("the table is gone")

        scene.stream.subscribe(fail)
        scene.stream.subscribe(heard.append)

        scene.stream.publish(REMOVED)
        scene.stream.publish(LATER)
        scene.stream.flush()

        assert heard == [REMOVED, LATER]
        assert scene.reported() == 2

    def test_a_listener_may_leave_and_publish_while_it_listens(self, scene: Scene) -> None:
        heard: list[Event] = []

        def once(event: Event) -> None:
            heard.append(event)
            place.close()
            scene.stream.publish(REMOVED)

        place = scene.stream.subscribe(once)

        scene.stream.publish(REMOVED)
        scene.stream.flush()

        assert heard == [REMOVED]


@pytest.fixture
def stream() -> Iterator[Watched]:
    watched = Watched(InProcessEventStream(lambda event, error: None, waiting_events=4))
    yield watched
    watched.close()


class Slow:
    """A listener that holds its first event until it is let go."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.is_called = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, event: Event) -> None:
        self.is_called.set()
        assert self.may_go_on.wait(PATIENCE_S)
        self.heard.append(event)


def produced(text: str, tokens: int = 1, run_id: str = "r1") -> RunProduced:
    return RunProduced(FAKE_START, run_id, updates.produced(text, tokens, 40.0))


def test_a_listener_is_never_called_on_the_publishers_thread(stream: Watched) -> None:
    threads: list[threading.Thread] = []
    stream.subscribe(lambda event: threads.append(threading.current_thread()))
    stream.subscribe(lambda event: threads.append(threading.current_thread()))

    stream.publish(REMOVED)
    stream.flush()

    assert threading.current_thread() not in threads
    assert threads[0] is not threads[1]


def test_a_slow_listener_delays_neither_the_publisher_nor_the_others(stream: Watched) -> None:
    slow, heard = Slow(), list[Event]()
    lagging = stream.subscribe(slow)
    quick = stream.subscribe(heard.append)

    stream.publish(REMOVED)
    stream.publish(LATER)

    assert quick.flush(PATIENCE_S)
    assert heard == [REMOVED, LATER]
    assert not lagging.flush(0.01)
    slow.may_go_on.set()


def test_a_slow_listener_loses_no_fact_and_no_word_however_many_there_are(
    stream: Watched,
) -> None:
    slow = Slow()
    stream.subscribe(slow)
    words = [f"{number} " for number in range(500)]
    end = RunChanged(FAKE_START, a_run("r1", state=RunState.SUCCEEDED))

    stream.publish(REMOVED)
    assert slow.is_called.wait(PATIENCE_S)
    for number, word in enumerate(words):
        stream.publish(produced(word, number))
        stream.publish(LATER)
    stream.publish(end)
    slow.may_go_on.set()
    stream.flush()

    told = [event.update for event in slow.heard if isinstance(event, RunProduced)]
    assert "".join(update.text for update in told) == "".join(words)
    assert told[-1].figures.tokens == 499
    assert slow.heard.count(LATER) == 500
    assert slow.heard[-1] == end


def test_updates_for_a_slow_listener_are_joined_once_its_queue_is_full(stream: Watched) -> None:
    slow = Slow()
    stream.subscribe(slow)

    stream.publish(REMOVED)
    assert slow.is_called.wait(PATIENCE_S)
    for number in range(100):
        stream.publish(produced("w", number))
        stream.publish(RunLoading(FAKE_START, "r2", Loading("reading weights", number / 100)))
    slow.may_go_on.set()
    stream.flush()

    assert len(slow.heard) == 1 + 4
    assert slow.heard[-1] == RunLoading(FAKE_START, "r2", Loading("reading weights", 0.99))


def test_what_waits_for_a_listener_that_leaves_is_not_told(stream: Watched) -> None:
    slow = Slow()
    place = stream.subscribe(slow)
    stream.publish(REMOVED)
    assert slow.is_called.wait(PATIENCE_S)
    stream.publish(LATER)
    leaving = threading.Thread(target=place.close)

    leaving.start()
    assert place.flush(PATIENCE_S)
    slow.may_go_on.set()
    leaving.join(PATIENCE_S)

    assert slow.heard == [REMOVED]


def test_a_closed_place_leaves_no_thread_behind(stream: Watched) -> None:
    threads: list[threading.Thread] = []
    place = stream.subscribe(lambda event: threads.append(threading.current_thread()))
    stream.publish(REMOVED)
    place.flush(PATIENCE_S)

    place.close()

    assert [thread.is_alive() for thread in threads] == [False]


def test_a_listener_cannot_wait_for_itself() -> None:
    errors: list[Exception] = []
    stream = Watched(InProcessEventStream(lambda event, error: errors.append(error)))

    def wait_for_itself(_event: Event) -> None:
        place.flush()

    place = stream.subscribe(wait_for_itself)

    stream.publish(REMOVED)
    stream.flush()
    stream.close()

    assert [str(error) for error in errors] == ["a listener cannot wait for itself"]


def test_the_recording_stream_keeps_events_by_kind_and_counts_who_listens() -> None:
    stream = RecordingEventStream()
    place = stream.subscribe(lambda event: None)

    stream.publish(REMOVED)

    assert stream.of(ModelRemoved) == [REMOVED]
    assert stream.of(RunChanged) == []
    assert stream.listeners == 1
    place.close()
    assert stream.listeners == 0


def test_many_threads_may_subscribe_publish_and_leave_at_once() -> None:
    errors: list[Exception] = []
    stream = InProcessEventStream(lambda event, error: errors.append(error))
    heard: list[Event] = []
    stays = stream.subscribe(heard.append)

    def come_and_go() -> None:
        for _ in range(200):
            place = stream.subscribe(lambda event: None)
            stream.publish(REMOVED)
            place.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert stays.flush(PATIENCE_S)
    stays.close()

    assert len(heard) == 800
    assert errors == []
