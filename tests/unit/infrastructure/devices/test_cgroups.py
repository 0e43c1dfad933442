"""Containers, slices and quotas, as files below a folder that stands for the root of the system."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from heygen_desktop.infrastructure.devices.cgroups import ControlGroups, HostMemory
from heygen_desktop.infrastructure.devices.host import Host

MIB = 1 << 20
GIB = 1 << 30
UNLIMITED = 9_223_372_036_854_771_712
"""How version 1 says that there is no limit."""


class WrittenSystem:
    """A root folder in which a test writes groups."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "sys/fs/cgroup").mkdir(parents=True)
        (root / "proc/self").mkdir(parents=True)

    def process_is_in(self, *lines: str) -> None:
        (self.root / "proc/self/cgroup").write_text("".join(f"{line}\n" for line in lines))

    def group(self, place: str, files: Mapping[str, object]) -> Path:
        folder = self.root / "sys/fs/cgroup" / place
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in files.items():
            (folder / name).write_text(f"{value}\n")
        return folder

    def second_version(self, place: str, limit: object, used: int = 0, *, files: int = 0) -> Path:
        stat = f"anon 5\nfile 7\ninactive_file {files}"
        return self.group(place, {"memory.max": limit, "memory.current": used, "memory.stat": stat})

    def first_version(self, place: str, limit: object, used: int = 0, *, files: int = 0) -> Path:
        stat = f"inactive_file 1\ntotal_inactive_file {files}"
        return self.group(
            f"memory/{place}",
            {
                "memory.limit_in_bytes": limit,
                "memory.usage_in_bytes": used,
                "memory.stat": stat,
            },
        )

    def memory(self) -> HostMemory:
        return Host(self.root).memory()

    def processors(self) -> int:
        return Host(self.root).processors()


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WrittenSystem:
    """A machine with 16 GB, of which 8 are to be had, and eight processors."""
    machine = SimpleNamespace(total=16 * GIB, available=8 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: machine)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    return WrittenSystem(tmp_path)


class TestMemory:
    def test_without_groups_it_is_the_machines(self, system: WrittenSystem) -> None:
        assert system.memory() == HostMemory(16 * GIB, 8 * GIB)

    def test_a_container_sees_its_own_group_at_the_root(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/")
        system.second_version("", 512 * MIB, 100 * MIB)

        assert system.memory() == HostMemory(512 * MIB, 412 * MIB)

    def test_pages_of_files_are_given_back(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/")
        system.second_version("", 512 * MIB, 100 * MIB, files=60 * MIB)

        assert system.memory().available_bytes == 472 * MIB

    def test_the_tightest_of_all_groups_around_holds(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/user.slice/user-1000.slice/app.scope")
        system.second_version("user.slice", 4 * GIB, 3 * GIB)
        system.second_version("user.slice/user-1000.slice", 2 * GIB, 100 * MIB)
        system.second_version("user.slice/user-1000.slice/app.scope", "max", 50 * MIB)

        assert system.memory() == HostMemory(2 * GIB, 1 * GIB)

    def test_groups_of_others_limit_nothing(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/user.slice")
        system.second_version("user.slice", "max")
        system.second_version("system.slice", 64 * MIB)

        assert system.memory() == HostMemory(16 * GIB, 8 * GIB)

    def test_the_mark_from_which_a_group_is_slowed_is_its_limit(
        self, system: WrittenSystem
    ) -> None:
        system.process_is_in("0::/")
        system.second_version("", "max", 100 * MIB)
        system.group("", {"memory.high": 300 * MIB})

        assert system.memory() == HostMemory(300 * MIB, 200 * MIB)

    def test_a_group_of_the_first_version_counts_with_all_below_it(
        self, system: WrittenSystem
    ) -> None:
        system.process_is_in("4:memory:/box", "1:cpu,cpuacct:/elsewhere")
        system.first_version("box", 512 * MIB, 100 * MIB, files=40 * MIB)

        assert system.memory() == HostMemory(512 * MIB, 452 * MIB)

    def test_a_huge_number_is_no_limit(self, system: WrittenSystem) -> None:
        system.process_is_in("4:memory:/")
        system.first_version("", UNLIMITED, 100 * MIB)

        assert system.memory() == HostMemory(16 * GIB, 8 * GIB)

    def test_a_limit_of_groups_that_cannot_be_seen_is_told_by_the_first_version(
        self, system: WrittenSystem
    ) -> None:
        system.process_is_in("4:memory:/")
        folder = system.first_version("", UNLIMITED, 100 * MIB)
        (folder / "memory.stat").write_text(f"hierarchical_memory_limit {GIB}\n")

        assert system.memory() == HostMemory(GIB, GIB - 100 * MIB)

    def test_a_container_is_found_whose_path_is_that_of_the_outside(
        self, system: WrittenSystem
    ) -> None:
        system.process_is_in("4:memory:/docker/4f2a/worker")
        system.first_version("", GIB, 10 * MIB)
        system.first_version("worker", 256 * MIB, 6 * MIB)

        assert system.memory() == HostMemory(256 * MIB, 250 * MIB)

    def test_a_path_out_of_the_container_leads_to_its_root(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/../../init.scope")
        system.second_version("", GIB)

        assert system.memory().total_bytes == GIB

    def test_both_versions_side_by_side_are_looked_at(self, system: WrittenSystem) -> None:
        system.process_is_in("4:memory:/a", "0::/b")
        system.first_version("a", 2 * GIB)
        system.second_version("unified/b", GIB)

        assert system.memory().total_bytes == GIB

    def test_what_cannot_be_read_limits_nothing(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/")
        folder = system.second_version("", "something new")
        (folder / "memory.current").unlink()
        (folder / "memory.high").mkdir()
        (folder / "memory.stat").write_bytes(b"\xff\xfe")

        assert system.memory() == HostMemory(16 * GIB, 8 * GIB)

    def test_a_limit_without_a_reading_of_what_is_used_is_free_as_a_whole(
        self, system: WrittenSystem
    ) -> None:
        system.process_is_in("0::/")
        system.group("", {"memory.max": GIB})

        assert system.memory() == HostMemory(GIB, GIB)

    def test_a_group_over_its_limit_has_nothing_left(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/")
        system.second_version("", 100 * MIB, 120 * MIB)

        assert system.memory().available_bytes == 0

    def test_a_limit_that_changes_is_seen(self, system: WrittenSystem) -> None:
        system.process_is_in("0::/")
        folder = system.second_version("", GIB)
        groups = ControlGroups(system.root)
        groups.memory_limits(16 * GIB)

        (folder / "memory.max").write_text(f"{MIB}\n")

        assert groups.memory_limits(16 * GIB) == (HostMemory(MIB, MIB),)


class TestProcessors:
    def test_without_a_quota_they_are_those_that_the_process_is_bound_to(
        self, system: WrittenSystem
    ) -> None:
        system.group("", {"cpu.max": "max 100000"})
        system.group("cpu", {"cpu.cfs_quota_us": -1, "cpu.cfs_period_us": 100_000})

        assert system.processors() == 8

    @pytest.mark.parametrize(
        ("quota", "expected"), [("250000 100000", 2), ("50000 100000", 1), ("9900000 100000", 8)]
    )
    def test_a_quota_of_the_second_version_is_kept(
        self, system: WrittenSystem, quota: str, expected: int
    ) -> None:
        system.process_is_in("0::/box")
        system.group("box", {"cpu.max": quota})

        assert system.processors() == expected

    @pytest.mark.parametrize("tree", ["cpu", "cpu,cpuacct", "cpuacct,cpu"])
    def test_a_quota_of_the_first_version_is_kept_wherever_it_stands(
        self, system: WrittenSystem, tree: str
    ) -> None:
        system.process_is_in("1:cpuacct,cpu:/a/b")
        system.group(f"{tree}/a", {"cpu.cfs_quota_us": 300_000, "cpu.cfs_period_us": 100_000})

        assert system.processors() == 3

    def test_a_system_that_binds_no_process_has_all(
        self, system: WrittenSystem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(os, "sched_getaffinity")
        monkeypatch.setattr(os, "cpu_count", lambda: 12)

        assert system.processors() == 12


def test_this_machine_has_memory_and_a_processor() -> None:
    host = Host()

    assert 0 < host.memory().available_bytes <= host.memory().total_bytes
    assert host.processors() >= 1
