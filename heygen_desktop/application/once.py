"""Parts that are made when they are first asked for: a command pays for what it uses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
_MAKING = threading.RLock()


class once(Generic[T]):  # noqa: N801  it is used as a decorator, like property
    """A property whose value is made at the first look, once, whichever threads look."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: type[object]) -> once[T]: ...
    @overload
    def __get__(self, owner: object, kind: type[object]) -> T: ...
    def __get__(self, owner: object | None, kind: type[object]) -> T | once[T]:
        if owner is None:
            return self
        with _MAKING:  # one lock for all: parts are made of parts
            kept = vars(owner)
            if self._name not in kept:
                kept[self._name] = self._make(owner)
            value: T = kept[self._name]  # from now on found there, and not here
            return value
