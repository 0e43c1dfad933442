"""Events that say who is behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from heygen_desktop.application.ports.events import EventStream, Subscription
from heygen_desktop.domain.events import Event
from heygen_desktop.domain.values.actor import Actor


@dataclass(frozen=True)
class ActingEvents:
    """Fulfils ``EventStream`` over another one: what is published here names its actor."""

    stream: EventStream
    actor: Actor

    def publish(self, event: Event) -> None:
        self.stream.publish(event if event.actor.user else replace(event, actor=self.actor))

    def subscribe(self, listener: Callable[[Event], None]) -> Subscription:
        return self.stream.subscribe(listener)
