"""From a call of the logger to a line on disk."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heygen_desktop.application.ports.logs import LogLevel
from heygen_desktop.infrastructure.logging.pipeline import InterceptHandler, LogPipeline
from loguru import logger

Lines = Callable[[], list[dict[str, Any]]]


def test_a_call_becomes_a_line_with_category_ids_and_extra(lines: Lines) -> None:
    logger.bind(category="runs", run_id="r1", tokens=7).info("Run {}", "started")

    (line,) = lines()

    assert (line["level"], line["category"], line["message"]) == ("INFO", "runs", "Run started")
    assert line["logger"] == __name__
    assert (line["run_id"], line["session_id"]) == ("r1", "s1")
    assert line["extra"] == {"tokens": 7}


def test_a_request_id_reaches_all_calls_of_its_block(lines: Lines) -> None:
    with logger.contextualize(request_id="q1"):
        logger.info("inside")
    logger.info("outside")

    assert [line.get("request_id") for line in lines()] == ["q1", None]


def test_an_exception_is_told_without_the_values_of_variables(lines: Lines) -> None:
    def fail(prompt: str) -> None:
        raise ValueError("token=abcdefgh")

    try:
        fail("my deepest " + "thoughts")
    except ValueError:
        logger.exception("It failed")

    (line,) = lines()
    assert "ValueError: token=***" in line["exception"]
    assert "in fail" in line["exception"]
    assert "my deepest thoughts" not in str(line)


def test_an_exception_call_outside_of_one_is_just_a_record(lines: Lines) -> None:
    logger.exception("Nothing was raised")

    assert "exception" not in lines()[0]


def test_a_known_value_never_reaches_the_disk(
    pipeline: LogPipeline, lines: Lines, tmp_path: Path
) -> None:
    pipeline.add_known_value("correct horse")

    logger.info("it is correct horse battery", extra_text=["correct horse"])

    assert lines()[0]["message"] == "it is *** battery"
    assert b"correct horse" not in (tmp_path / "heygen.jsonl").read_bytes()


def test_the_level_can_be_changed_while_it_runs(pipeline: LogPipeline, lines: Lines) -> None:
    pipeline.set_level(LogLevel.WARNING)
    logger.info("not taken")
    pipeline.set_level(LogLevel.DEBUG)
    logger.debug("taken")

    assert [line["message"] for line in lines()] == ["taken"]


def test_libraries_that_use_logging_are_heard_from_warning_on(lines: Lines) -> None:
    library = logging.getLogger("some.library")

    library.info("not this")
    library.warning("careful with {braces} and %s", "arguments")
    try:
        raise KeyError("lost")
    except KeyError:
        library.exception("it broke")

    first, second = lines()
    assert (first["logger"], first["level"]) == ("some.library", "WARNING")
    assert first["message"] == "careful with {braces} and arguments"
    assert "KeyError: 'lost'" in second["exception"]


def test_a_record_of_logging_that_cannot_be_worded_does_not_reach_the_caller(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    unsayable = logging.LogRecord("lib", logging.ERROR, "", 1, "%d apples", ("no number",), None)

    InterceptHandler(logger).handle(unsayable)
    logger.info("after")

    assert [line["message"] for line in lines()] == ["after"]
    assert "TypeError" in capsys.readouterr().err


def test_warnings_are_in_the_log(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)

    assert any("this is old" in line["message"] for line in lines())


def test_a_close_takes_away_what_the_start_gave(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    threads = threading.active_count()
    pipeline = LogPipeline(tmp_path, logger=logger)
    pipeline.start()
    logger.info("before")

    pipeline.close()
    pipeline.close()
    logger.info("after")

    assert logging.getLogger().handlers == handlers
    assert threading.active_count() == threads
    assert (tmp_path / "heygen.jsonl").read_text().count("\n") == 1


def test_a_level_can_be_set_before_the_start(tmp_path: Path) -> None:
    pipeline = LogPipeline(tmp_path, logger=logger)
    pipeline.set_level(LogLevel.ERROR)
    pipeline.start()
    logger.warning("not taken")
    logger.error("taken")
    pipeline.close()

    assert (tmp_path / "heygen.jsonl").read_text().count("\n") == 1


def test_a_pipeline_survives_that_somebody_removed_all_handlers(tmp_path: Path) -> None:
    pipeline = LogPipeline(tmp_path, logger=logger)
    pipeline.start()
    logger.remove()

    pipeline.close()

    assert list(tmp_path.iterdir()) == []
