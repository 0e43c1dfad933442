from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from heygen_desktop.application.ports.events import EventStream
from heygen_desktop.domain.events import Event, ModelChanged, ModelRemoved
from heygen_desktop.infrastructure.system.event_stream import InProcessEventStream

from tests.fakes.clock import FAKE_START
from tests.fakes.events import RecordingEventStream

CHANGED = ModelChanged(FAKE_START, "gemma")


@dataclass(frozen=True)
class Scene:
    """A stream, and how many errors of listeners it has reported."""

    stream: EventStream
    reported: Callable[[], int]


@pytest.fixture(params=["fake", "real"])
def scene(request: pytest.FixtureRequest) -> Scene:
    if request.param == "fake":
        fake = RecordingEventStream()
        return Scene(fake, lambda: len(fake.listener_errors))
    errors: list[Exception] = []
    return Scene(
        InProcessEventStream(lambda event, error: errors.append(error)), lambda: len(errors)
    )


class TestEventStreamContract:
    def test_every_listener_hears_every_later_event_in_order(self, scene: Scene) -> None:
        first: list[Event] = []
        second: list[Event] = []
        scene.stream.subscribe(first.append)
        scene.stream.publish(CHANGED)
        scene.stream.subscribe(second.append)
        removed = ModelRemoved(FAKE_START, "gemma", "")

        scene.stream.publish(removed)

        assert first == [CHANGED, removed]
        assert second == [removed]

    def test_a_closed_place_hears_nothing_more(self, scene: Scene) -> None:
        heard: list[Event] = []
        place = scene.stream.subscribe(heard.append)
        place.close()
        place.close()

        scene.stream.publish(CHANGED)

        assert heard == []

    def test_closing_one_of_two_places_of_a_listener_leaves_the_other(self, scene: Scene) -> None:
        heard: list[Event] = []
        scene.stream.subscribe(heard.append)
        scene.stream.subscribe(heard.append).close()

        scene.stream.publish(CHANGED)

        assert heard == [CHANGED]

    def test_a_listener_that_fails_stops_neither_the_others_nor_the_publisher(
        self, scene: Scene
    ) -> None:
        heard: list[Event] = []

        def fail(event: Event) -> None:
            raise LookupError("the table is gone")

        scene.stream.subscribe(fail)
        scene.stream.subscribe(heard.append)

        scene.stream.publish(CHANGED)

        assert heard == [CHANGED]
        assert scene.reported() == 1

    def test_a_listener_is_called_on_the_publishers_thread(self, scene: Scene) -> None:
        threads: list[threading.Thread] = []
        scene.stream.subscribe(lambda event: threads.append(threading.current_thread()))
        publisher = threading.Thread(target=lambda: scene.stream.publish(CHANGED))

        publisher.start()
        publisher.join(10)

        assert threads == [publisher]

    def test_a_listener_may_leave_and_publish_while_it_listens(self, scene: Scene) -> None:
        heard: list[Event] = []

        def once(event: Event) -> None:
            heard.append(event)
            place.close()
            scene.stream.publish(CHANGED)

        place = scene.stream.subscribe(once)

        scene.stream.publish(CHANGED)

        assert heard == [CHANGED]


def test_a_listener_that_was_closed_during_a_publication_is_not_called() -> None:
    stream = InProcessEventStream(lambda event, error: None)
    heard: list[Event] = []
    stream.subscribe(lambda event: later.close())
    later = stream.subscribe(heard.append)

    stream.publish(CHANGED)

    assert heard == []


def test_the_recording_stream_keeps_events_by_kind_and_counts_who_listens() -> None:
    stream = RecordingEventStream()
    place = stream.subscribe(lambda event: None)

    stream.publish(CHANGED)

    assert stream.of(ModelChanged) == [CHANGED]
    assert stream.of(ModelRemoved) == []
    assert stream.listeners == 1
    place.close()
    assert stream.listeners == 0


def test_many_threads_may_subscribe_publish_and_leave_at_once() -> None:
    errors: list[Exception] = []
    stream = InProcessEventStream(lambda event, error: errors.append(error))
    heard: list[Event] = []
    stream.subscribe(heard.append)

    def come_and_go() -> None:
        for _ in range(200):
            place = stream.subscribe(lambda event: None)
            stream.publish(CHANGED)
            place.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(heard) == 800
    assert errors == []
