"""``heygen self-test``: one pass through everything, offline, in a home of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from heygen_desktop.application.application import Application
from heygen_desktop.application.documents import Document, error_body
from heygen_desktop.application.ports.logs import LogQuery
from heygen_desktop.application.use_cases.models.ensure_starter_model import starter_run
from heygen_desktop.domain.entities.run import Json, RunState
from heygen_desktop.domain.errors import HeyGenError, SelfTestFailedError
from heygen_desktop.presentation.cli.session import FAILURE, SUCCESS, LaunchChoices, Session
from heygen_desktop.presentation.wording import duration, quantity, run_cost, size

MAX_TOKENS = 16


@dataclass(frozen=True)
class Step:
    """One thing that must work; ``work`` returns what was seen, or raises."""

    name: str
    work: Callable[[Application], str]


@dataclass(frozen=True)
class Result:
    """How a step went."""

    name: str
    finding: str
    seconds: float
    error: HeyGenError | None = None


def self_test(session: Session) -> int:
    """Prove that this installation works.

    One end-to-end pass, offline, in a temporary home. Nothing of yours is touched; --home and --env do not matter here. The exit code is 0 only when
    every step worked.
    """
    with tempfile.TemporaryDirectory(
        prefix="heygen-self-test-", ignore_cleanup_errors=True
    ) as home:
        choices = LaunchChoices(Path(home), "testing", {"secrets.store": "vault"})
        results = _all_steps(session, choices)
    failed = next((each.error for each in results if each.error is not None), None)
    document: dict[str, Json] = {
        "items": [_document(each) for each in results],
        "total": len(results),
    }
    if failed is not None:
        session.output.failure(error_body(failed), more=document)
        return FAILURE
    session.output.answer({**document, "passed": True}, "All of it works.")
    return SUCCESS


def _all_steps(session: Session, choices: LaunchChoices) -> Sequence[Result]:
    """Take the steps in order; after the first failure there is no point in the others."""
    results: list[Result] = []
    application: list[Application] = []

    def start() -> str:
        application.append(session.services.build(choices))
        return f"in {choices.home}"

    try:
        _take(session, results, "start", start)
        for step in STEPS:
            if results[-1].error is None:
                _take(session, results, step.name, partial(step.work, application[0]))
    finally:
        for each in application:
            each.close()
    return results


def _take(session: Session, results: list[Result], name: str, work: Callable[[], str]) -> None:
    began = time.monotonic()
    error: HeyGenError | None = None
    try:
        finding = work()
    except HeyGenError as trouble:
        finding = f"{trouble.message} {trouble.cause}"
        error = SelfTestFailedError(name, finding)
    passed = Result(name, finding, time.monotonic() - began, error)
    results.append(passed)
    if not session.output.as_json:
        word = "FAILED" if error else "ok"
        session.output.show(f"{word:<6}  {name}: {finding} ({duration(passed.seconds)})")


def _document(passed: Result) -> Document:
    return {
        "name": passed.name,
        "state": "failed" if passed.error else "ok",
        "finding": passed.finding,
        "seconds": round(passed.seconds, 3),
    }


def _must(found: bool, what: str) -> None:
    if not found:
        raise HeyGenError(what)


def _register(application: Application) -> str:
    registered = application.ensure_starter_model()
    _must(registered is not None and registered.created, "The starter model was not registered.")
    artifact = application.get_model("starter").version.artifact
    return f"{quantity(artifact.parameters)} parameters, {size(artifact.size_bytes)}"


def _run(application: Application) -> str:
    request = starter_run(max_tokens=MAX_TOKENS, seed=1)
    done = application.start_run(request).wait()
    assert done is not None  # it was waited for without limit
    if done.failure is not None:
        failure = done.failure
        raise HeyGenError(failure.message, cause=failure.cause, remedy=failure.remedy)
    _must(done.state is RunState.SUCCEEDED, f"The run ended as {done.state}.")
    _must(bool(application.tasks.of(done.task).as_text(done.output).strip()), "No text came.")
    figures = (done.figures.tokens_per_second, done.figures.peak_memory_bytes)
    _must(None not in figures, "Speed or memory was not measured.")
    _must(application.get_run(done.id) == done, "The run was not kept as it ended.")
    return run_cost(done.figures)


def _log(application: Application) -> str:
    run = application.list_runs().runs[0]
    records = application.logs.query(LogQuery(run_id=run.id))
    _must(bool(records), f"The log says nothing of run {run.id}.")
    return f"{len(records)} lines on the run"


def _setting(application: Application) -> str:
    application.change_setting.set("testing", "generation.max_tokens", "77")
    value = application.read_settings("testing").values["generation.max_tokens"]
    _must((value.value, value.layer) == (77, "database"), "A setting did not come back.")
    application.change_setting.unset("testing", "generation.max_tokens")
    value = application.read_settings("testing").values["generation.max_tokens"]
    _must(value.layer == "defaults", "A setting that was taken back is still there.")
    return "set, read and taken back"


def _secret(application: Application) -> str:
    keeper, environment = application.secrets, application.environment
    keeper.open_vault("a passphrase of the self-test")
    keeper.set(environment, "self-test", "a value")
    _must(keeper.reveal(environment, "self-test") == "a value", "A secret did not come back.")
    store = keeper.list(environment)[0].store
    keeper.delete(environment, "self-test")
    _must(not keeper.list(environment), "A deleted secret is still listed.")
    return f"kept in the {store}, read and deleted"


def _machine(application: Application) -> str:
    reading = application.watch_machine.sample()
    _must(reading.memory_total_bytes > 0, "The memory of the machine could not be read.")
    return f"{size(reading.memory_used_bytes)} of {size(reading.memory_total_bytes)} in use"


def _unload(application: Application) -> str:
    stopped = application.unload_model.all()
    _must(bool(stopped), "The run left no model in memory.")
    _must(not application.list_loaded(), "An unloaded model is still in memory.")
    return f"{size(sum(worker.memory_bytes for worker in stopped))} freed"


STEPS = (
    Step("register the starter model", _register),
    Step("run it", _run),
    Step("read the log", _log),
    Step("read the machine", _machine),
    Step("change a setting", _setting),
    Step("keep a secret", _secret),
    Step("unload the model", _unload),
)
