"""What every store of runs promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import ModelId
from heygen_desktop.domain.entities.run import (
    Json,
    Run,
    RunFailure,
    RunFigures,
    RunId,
    RunState,
)
from heygen_desktop.domain.errors import DeviceUnavailableError, RunNotFoundError
from heygen_desktop.domain.repositories import RunFilter
from heygen_desktop.domain.values.estimate import MeasuredPeaks

from tests.contracts.stored import InMemory, OnSqlite, a_run, at, in_state


def stored(units: UnitsOfWork, *runs: Run) -> None:
    with units() as unit:
        for run in runs:
            unit.runs.add(run)
        unit.commit()


def a_reference(blob: str) -> dict[str, Json]:
    return {"blob": blob, "media_type": "image/png", "size_bytes": 1, "name": "a.png"}


def a_finished_run() -> Run:
    """Return a run in which no field has its default value."""
    failure = RunFailure.of(DeviceUnavailableError("cuda:7", ("cpu",)))
    return replace(
        in_state(a_run(), RunState.FAILED),
        seed=2**64 - 1,
        params={"stop": ["\n", "\N{SNOWMAN}"], "top_p": None, "nested": {"deep": [1, 2.5, True]}},
        inputs={"prompt": "lone \udcff and \x00 survive"},
        figures=RunFigures(0.25, 41.5, 100, 12, 2**41, 0.5, 2**40, 2**40),
        output={"text": "and so on"},
        failure=failure,
        finish_reason="length",
        dtype="bfloat16",
        title="The lone one",
        is_pinned=True,
    )


class RunsContract:
    def test_every_field_of_a_run_comes_back(self, units: UnitsOfWork) -> None:
        run = a_finished_run()

        stored(units, run)

        with units() as unit:
            assert unit.runs.by_id(run.id) == run

    def test_no_field_of_the_sample_has_its_default(self) -> None:
        run = a_finished_run()

        for entity in (run, run.figures):
            assert [f.name for f in fields(entity) if getattr(entity, f.name) == f.default] == []

    def test_the_next_state_replaces_the_last(self, units: UnitsOfWork) -> None:
        stored(units, a_run("aaa"), a_run("bbb"))
        loading = in_state(a_run("aaa"), RunState.LOADING)

        with units() as unit:
            unit.runs.save(loading)
            unit.commit()

        with units() as unit:
            assert unit.runs.by_id("aaa") == loading
            assert unit.runs.by_id("bbb") == a_run("bbb")

    def test_a_run_that_was_never_added_cannot_be_saved(self, units: UnitsOfWork) -> None:
        with units() as unit, pytest.raises(RunNotFoundError):
            unit.runs.save(a_run())

    def test_the_same_id_cannot_be_added_twice(self, units: UnitsOfWork) -> None:
        stored(units, a_run())

        with units() as unit, pytest.raises(ValueError, match=r"id|UNIQUE"):
            unit.runs.add(a_run())

    @pytest.mark.parametrize(
        ("asked", "answer"),
        [
            ("ab1", "ab12"),
            ("ab12", "ab12"),
            ("ab", None),
            ("abc", "abc"),
            ("abcd", "abcd"),
            ("x", None),
            ("", None),
            ("ab_", None),
            ("%", None),
            ("AB1", None),
            ("\udcff", None),
        ],
    )
    def test_a_run_is_found_by_its_id_or_by_a_beginning_that_only_it_has(
        self, units: UnitsOfWork, asked: str, answer: str | None
    ) -> None:
        stored(units, a_run("ab12"), a_run("abc"), a_run("abcd"))

        with units() as unit:
            found = unit.runs.by_id(asked)

        assert (found.id if found else None) == answer

    def test_the_newest_run_comes_first(self, units: UnitsOfWork) -> None:
        stored(units, a_run("b", queued_at=at(2)), a_run("c", queued_at=at(3)), a_run("a"))

        with units() as unit:
            page = unit.runs.find(RunFilter())

        assert [run.id for run in page.runs] == ["c", "b", "a"]

    def test_of_runs_queued_at_the_same_moment_the_last_added_comes_first(
        self, units: UnitsOfWork
    ) -> None:
        stored(units, a_run("m"), a_run("z"), a_run("a"))

        with units() as unit:
            assert [run.id for run in unit.runs.find(RunFilter()).runs] == ["a", "z", "m"]
            assert [run.id for run in unit.runs.active()] == ["m", "z", "a"]

    def test_a_page_is_a_slice_and_knows_how_many_match(self, units: UnitsOfWork) -> None:
        stored(units, *(a_run(f"run-{n}", queued_at=at(n)) for n in range(7)))

        with units() as unit:
            page = unit.runs.find(RunFilter(limit=3, offset=2))
            past_the_end = unit.runs.find(RunFilter(limit=3, offset=9))
            nothing = unit.runs.find(RunFilter(limit=0))

        assert [run.id for run in page.runs] == ["run-4", "run-3", "run-2"]
        assert page.total == past_the_end.total == nothing.total == 7
        assert list(past_the_end.runs) == list(nothing.runs) == []

    @pytest.mark.parametrize("wanted", [RunFilter(limit=-1), RunFilter(offset=-1)])
    def test_a_slice_before_the_beginning_is_refused(
        self, units: UnitsOfWork, wanted: RunFilter
    ) -> None:
        with units() as unit, pytest.raises(ValueError, match="0 or more"):
            unit.runs.find(wanted)

    def test_runs_are_narrowed_by_model_and_states(self, units: UnitsOfWork) -> None:
        stored(
            units,
            in_state(a_run("a", queued_at=at(1)), RunState.SUCCEEDED),
            in_state(a_run("b", queued_at=at(2)), RunState.CANCELLED),
            in_state(a_run("c", queued_at=at(3), model="other"), RunState.SUCCEEDED),
            a_run("d", queued_at=at(4)),
        )
        ended = (RunState.SUCCEEDED, RunState.CANCELLED)

        with units() as unit:
            of_model = unit.runs.find(RunFilter(model="tiny"))
            of_states = unit.runs.find(RunFilter(states=ended))
            of_both = unit.runs.find(RunFilter(model="tiny", states=ended, limit=1))

        assert [run.id for run in of_model.runs] == ["d", "b", "a"]
        assert [run.id for run in of_states.runs] == ["c", "b", "a"]
        assert [run.id for run in of_both.runs] == ["b"]
        assert of_both.total == 2

    @pytest.mark.parametrize(
        "search",
        [
            "LONDON",
            "zürich ZÜRICH",
            "snow\\",
            "100%",
            'say "so"',
            "tiny@1.0.0",
            "generation",
            "my run",
        ],
    )
    def test_a_search_looks_into_every_text_of_a_run_without_case(
        self, units: UnitsOfWork, search: str
    ) -> None:
        found = replace(
            a_run("found"),
            title="My first RUN",
            inputs={"prompt": 'London, ZÜRICH and snow\\ 100% say "so"'},
            output={"all": [{"text": "Paris"}]},
        )
        stored(units, found, replace(a_run("other", model="huge"), task="other"))

        with units(read_only=True) as unit:
            page = unit.runs.find(RunFilter(search=search))

        assert [run.id for run in page.runs] == ["found"]
        assert page.total == 1

    @pytest.mark.parametrize("search", ["prompt", "all", "london paris rome", "snow_", "1000"])
    def test_a_search_finds_no_names_of_fields_and_nothing_but_all_of_its_words(
        self, units: UnitsOfWork, search: str
    ) -> None:
        said = {"prompt": "London and snow\\ 100%"}
        stored(units, replace(a_run(), inputs=said, output={"all": ["Paris"]}))

        with units(read_only=True) as unit:
            assert unit.runs.find(RunFilter(search=search)).total == 0

    def test_marks_are_stored_beside_the_life_of_a_run(self, units: UnitsOfWork) -> None:
        stored(units, a_run("aaa"))

        with units() as unit:
            unit.runs.label(RunId("aaa"), title="The good one", is_pinned=True)
            unit.runs.prioritise(RunId("aaa"), 7)
            unit.runs.save(in_state(a_run("aaa"), RunState.LOADING))
            unit.commit()

        with units(read_only=True) as unit:
            run = unit.runs.by_id("aaa")
        assert run is not None
        assert (run.title, run.is_pinned, run.priority) == ("The good one", True, 7)
        assert run.state is RunState.LOADING

    def test_a_run_that_is_not_there_cannot_be_marked(self, units: UnitsOfWork) -> None:
        with units() as unit, pytest.raises(RunNotFoundError):
            unit.runs.label(RunId("never"), title="", is_pinned=True)

    def test_pinned_runs_come_first_where_that_is_wanted(self, units: UnitsOfWork) -> None:
        stored(
            units,
            replace(a_run("a", queued_at=at(1)), is_pinned=True),
            *(a_run(name, queued_at=at(n)) for n, name in enumerate("bc", start=2)),
        )

        with units(read_only=True) as unit:
            pinned_first = unit.runs.find(RunFilter(pinned_first=True))
            newest_first = unit.runs.find(RunFilter())
            others = unit.runs.find(RunFilter(but_pinned=True))

        assert [run.id for run in pinned_first.runs] == ["a", "c", "b"]
        assert [run.id for run in newest_first.runs] == ["c", "b", "a"]
        assert [run.id for run in others.runs] == ["c", "b"]

    def test_what_is_removed_is_gone_until_it_is_restored(self, units: UnitsOfWork) -> None:
        stored(units, *(in_state(a_run(name), RunState.FAILED) for name in ("a1", "b1", "c1")))

        with units() as unit:
            removed = unit.runs.remove(RunFilter(ids=("a1", "b1", "never")), "first")
            unit.runs.remove(RunFilter(search="tiny"), "second")
            unit.commit()
        with units(read_only=True) as unit:
            assert removed == 2
            assert unit.runs.find(RunFilter()).total == 0
            assert unit.runs.by_id("a1") is unit.runs.by_id("a") is None
        with units() as unit:
            unit.runs.restore("first")
            unit.runs.restore("")
            unit.commit()

        with units(read_only=True) as unit:
            assert [run.id for run in unit.runs.find(RunFilter()).runs] == ["b1", "a1"]

    def test_what_is_under_way_is_never_removed(self, units: UnitsOfWork) -> None:
        stored(units, *(in_state(a_run(state), state) for state in RunState))

        with units() as unit:
            unit.runs.remove(RunFilter(), "all")
            unit.commit()

        with units(read_only=True) as unit:
            left = {run.id for run in unit.runs.find(RunFilter()).runs}
        assert left == {"queued", "loading", "running"}

    def test_what_is_purged_never_comes_back_and_its_files_are_free(
        self, units: UnitsOfWork
    ) -> None:
        blob = f"sha256:{'a' * 64}"
        run = in_state(a_run("a1"), RunState.SUCCEEDED)
        stored(units, replace(run, inputs={"image": a_reference(blob)}), a_run("b1"))
        with units() as unit:
            unit.runs.remove(RunFilter(ids=("a1",)), "first")
            assert unit.runs.blobs() == {blob}
            unit.runs.purge()
            unit.runs.restore("first")
            unit.commit()

        with units(read_only=True) as unit:
            assert [run.id for run in unit.runs.find(RunFilter()).runs] == ["b1"]
            assert unit.runs.blobs() == set()

    def test_active_runs_are_those_without_an_end_the_oldest_first(
        self, units: UnitsOfWork
    ) -> None:
        for minute, state in enumerate(RunState):
            stored(units, in_state(a_run(state, queued_at=at(-minute)), state))

        with units() as unit:
            assert [run.id for run in unit.runs.active()] == ["running", "loading", "queued"]

    def test_a_request_to_cancel_is_seen_and_outlives_the_next_state(
        self, units: UnitsOfWork
    ) -> None:
        stored(units, a_run("aaa"), a_run("bbb"))

        with units() as unit:
            unit.runs.request_cancel(RunId("aaa"))
            unit.runs.save(in_state(a_run("aaa"), RunState.LOADING))
            unit.commit()

        with units(read_only=True) as unit:
            assert list(unit.runs.cancel_requested([RunId("aaa"), RunId("bbb")])) == ["aaa"]
            assert list(unit.runs.cancel_requested([])) == []

    def test_nobody_can_cancel_a_run_that_does_not_exist(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.runs.request_cancel(RunId("never"))
            unit.commit()

            assert not unit.runs.cancel_requested([RunId("never")])

    def test_files_that_runs_refer_to_are_known_wherever_the_reference_stands(
        self, units: UnitsOfWork
    ) -> None:
        one, two = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
        stored(
            units,
            replace(a_run(), id=RunId("r1"), inputs={"image": a_reference(one)}),
            replace(a_run(), id=RunId("r2"), output={"all": [{"image": a_reference(two)}]}),
            replace(a_run(), id=RunId("r3"), inputs={"prompt": f"what is {one[:-1]}"}),
        )

        with units(read_only=True) as unit:
            assert unit.runs.blobs() == {one, two}

    def test_the_peaks_are_the_highest_of_succeeded_runs_apart_for_each_memory(
        self, units: UnitsOfWork
    ) -> None:
        stored(
            units,
            measured("a", 100, 900),
            measured("b", 300, 800),
            measured("c", None, None),
            measured("d", 9_000, 9_000, RunState.FAILED),
        )

        with units(read_only=True) as unit:
            peaks = unit.runs.peaks("id-of-tiny", "1.0.0", "cpu", "float32")
        assert peaks == MeasuredPeaks(300, 900, 12)

    @pytest.mark.parametrize(
        "other",
        [
            {"model_id": ModelId("other")},
            {"version": "2.0.0"},
            {"device": "cuda:0"},
            {"dtype": "bfloat16"},
        ],
    )
    def test_peaks_of_another_model_version_device_or_precision_do_not_count(
        self, units: UnitsOfWork, other: Mapping[str, Any]
    ) -> None:
        stored(units, replace(measured("a", 100, 900), **other))

        with units(read_only=True) as unit:
            peaks = unit.runs.peaks("id-of-tiny", "1.0.0", "cpu", "float32")
        assert peaks == MeasuredPeaks()

    def test_a_run_of_0_1_0_counts_for_each_precision(self, units: UnitsOfWork) -> None:
        stored(units, replace(measured("a", 100, None), dtype=""))

        with units(read_only=True) as unit:
            peaks = unit.runs.peaks("id-of-tiny", "1.0.0", "cpu", "float16")
        assert peaks == MeasuredPeaks(100, None, 12)


def measured(
    run_id: str, host: int | None, device: int | None, state: RunState = RunState.SUCCEEDED
) -> Run:
    """Return a run that ended with these peaks."""
    figures = RunFigures(tokens=9, prompt_tokens=3, peak_host_bytes=host, peak_device_bytes=device)
    return replace(in_state(a_run(run_id), state), figures=figures, dtype="float32")


class TestInMemory(InMemory, RunsContract):
    pass


class TestOnSqlite(OnSqlite, RunsContract):
    pass
