"""What Linux's control groups (containers, slices of systemd) leave of the machine.

A process is in a group and in all groups around it, and the tightest of them holds. Version 2 has one
tree of groups, version 1 a tree for each resource, and many machines have both. In a container the
kernel may name a group by its path outside, of which the folder shows only the end; so each end of the
path, and all that is around it, is looked at. What is not there, or may not be read, limits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

_TREES = {
    "memory": (".", "unified", "memory"),
    "cpu": (".", "unified", "cpu", "cpu,cpuacct", "cpuacct,cpu"),
}
"""Where the groups of a resource stand below /sys/fs/cgroup, in both versions."""
_LIMITS = ("memory.max", "memory.high", "memory.limit_in_bytes")
"""Beyond the high mark of version 2 a program is slowed until it gives memory back."""


@dataclass(frozen=True)
class HostMemory:
    """RAM at one moment, of the machine or of what a group may use of it."""

    total_bytes: int
    available_bytes: int
    """To be had for a new program without swapping; pages of files that are given back on demand count."""


class ControlGroups:
    """The groups of this process, found once; their figures are read anew each time.

    Args:
        root: Where ``proc`` and ``sys`` are; another folder for tests.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    @cached_property
    def _folders(self) -> dict[str, tuple[Path, ...]]:
        return {resource: tuple(self._found(resource)) for resource in _TREES}

    @cached_property
    def _hidden(self) -> dict[Path, int | None]:
        """What version 1 tells of groups around a group, even where they cannot be seen."""
        return {
            folder: _statistics(folder).get("hierarchical_memory_limit")
            for folder in self._folders["memory"]
        }

    def memory_limits(self, total_bytes: int) -> tuple[HostMemory, ...]:
        """Return what each group may use that may not use all of the machine's memory.

        Args:
            total_bytes: The machine's. What a group uses takes the kernel a while to sum up, and so
                is asked only of those with a limit below it.
        """
        found: list[HostMemory] = []
        for folder, hidden in self._hidden.items():
            limits = [hidden, *(_number(text_of(folder / name)) for name in _LIMITS)]
            limit = min((each for each in limits if each is not None), default=total_bytes)
            if limit < total_bytes:
                found.append(HostMemory(limit, max(0, limit - _held(folder))))
        return tuple(found)

    def processors(self) -> float | None:
        """Return the processors whose time the tightest quota gives, or None where there is none."""
        quotas = (_quota(folder) for folder in self._folders["cpu"])
        return min((quota for quota in quotas if quota is not None), default=None)

    def _found(self, resource: str) -> Iterator[Path]:
        base = self._root / "sys/fs/cgroup"
        for tree in _TREES[resource]:
            places = {place for path in self._paths(resource) for place in _places(path)}
            for place in sorted(places):
                folder = base / tree / place
                if folder.is_dir():
                    yield folder

    def _paths(self, resource: str) -> Iterator[PurePosixPath]:
        """Yield the paths under which the kernel knows the groups of this process."""
        yield PurePosixPath()
        for line in text_of(self._root / "proc/self/cgroup").splitlines():
            _, _, rest = line.partition(":")
            resources, _, path = rest.partition(":")
            if resources == "" or resource in resources.split(","):
                yield PurePosixPath(path)


def _places(path: PurePosixPath) -> Iterator[str]:
    """Yield every run of the path's names, and the empty one."""
    names = [name for name in path.parts if name not in ("/", "..")]
    for first in range(len(names) + 1):
        for last in range(first, len(names) + 1):
            yield "/".join(names[first:last])


def _held(folder: Path) -> int:
    used = text_of(folder / "memory.current") or text_of(folder / "memory.usage_in_bytes")
    told = _statistics(folder)
    files = told.get("total_inactive_file", told.get("inactive_file"))
    return max(0, (_number(used) or 0) - (files or 0))


def _statistics(folder: Path) -> dict[str, int | None]:
    lines = (line.partition(" ") for line in text_of(folder / "memory.stat").splitlines())
    return {name: _number(value) for name, _, value in lines}


def _quota(folder: Path) -> float | None:
    text = text_of(folder / "cpu.max") or " ".join(
        text_of(folder / name).strip() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us")
    )
    quota, _, period = text.partition(" ")
    spent, of = _number(quota), _number(period)
    return spent / of if spent and of else None


def _number(text: str) -> int | None:
    """Return the number, or None for ``max``, -1 and what is no number."""
    return int(text) if text.strip().isdecimal() else None


def text_of(path: Path) -> str:
    """Return what the file says; nothing where it cannot be read."""
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="ascii")
    return ""
