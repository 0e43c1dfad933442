"""The JSON that scripts rely on: names are promised, additions are allowed."""

from __future__ import annotations

import json

from heygen_desktop.application import documents
from heygen_desktop.application.ports.diagnostics import Check, CheckState
from heygen_desktop.application.ports.logs import LogLevel, LogQuery
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import ArtifactMissingError, WorkerCrashedError

from tests.factories.application import ended, fake_application
from tests.factories.parts import STARTER_PATH, FakeParts

MODEL = "id name version type format task status path size_bytes parameters dtypes licence tags checksum verdict created_at"
RUN = "id model version task state params seed device started_at finished_at figures error"
FIGURES = "time_to_first_token_s tokens_per_second tokens peak_memory_bytes load_s"


def test_a_model_has_every_promised_field() -> None:
    application = fake_application()
    application.ensure_starter_model()

    document = documents.list_document(application.list_models(), documents.model_document)

    text = json.loads(json.dumps(document))
    assert text["total"] == 1
    assert set(MODEL.split()) <= set(text["items"][0])
    assert text["items"][0]["path"] == str(STARTER_PATH)


def test_a_run_has_every_promised_field() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    done = ended(application.start_run(RunRequest("starter", {"prompt": "x"})))
    parts.inference.trouble = WorkerCrashedError("loading", "signal SIGSEGV")
    application.unload_model("starter")
    failed = ended(application.start_run(RunRequest("starter", {"prompt": "x"})))

    good, bad = (json.loads(json.dumps(documents.run_document(run))) for run in (done, failed))

    assert set(RUN.split()) <= set(good)
    assert set(FIGURES.split()) <= set(good["figures"])
    assert (good["state"], good["error"]) == ("succeeded", None)
    assert set(bad["error"]) == {"code", "message", "cause", "remedy", "details"}


def test_settings_say_value_layer_and_what_is_hidden() -> None:
    application = fake_application()
    application.change_setting.set("testing", "inference.threads", 2)

    document = json.loads(
        json.dumps(documents.settings_document(application.read_settings("testing")))
    )

    assert (document["environment"], document["revision"]) == ("testing", 1)
    value = document["settings"]["inference.threads"]
    assert (value["value"], value["layer"], value["hidden"][0]["layer"]) == (
        2,
        "database",
        "defaults",
    )


def test_an_error_is_its_five_parts() -> None:
    document = documents.error_body(ArtifactMissingError("/x"))

    assert set(document) == {"code", "message", "cause", "remedy", "details"}
    assert json.loads(json.dumps(document))["code"] == "artifact_missing"


def test_the_other_documents_are_json_too() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.ensure_starter_model()
    parts.artifacts.known[STARTER_PATH.parent / "bad"] = ArtifactMissingError("bad")
    parts.logs.add("hello", level=LogLevel.WARNING, ids={"run_id": "r1"})
    application.load_model("starter")
    [record] = application.logs.query(LogQuery())

    made = [
        *map(documents.found_document, application.scan_folders([STARTER_PATH.parent])),
        *map(documents.worker_document, application.list_loaded()),
        *map(documents.environment_document, application.list_environments()),
        documents.secret_document(application.secrets.set("testing", "a", "1")),
        documents.log_document(record),
        documents.sample_document(application.watch_machine.sample()),
        documents.check_document(Check("Disk", CheckState.PROBLEM, "Full.", "Free some.")),
    ]

    again = json.loads(json.dumps(made))
    assert [bool(a) for a in again] == [True] * len(made)
    assert again[0]["error"]["code"] == "artifact_missing"
    assert next(d for d in again if d.get("run_id"))["level"] == "WARNING"


def test_the_log_is_followed_from_a_cursor_on() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    parts.logs.add("one")
    _, cursor = application.logs.tail(0)
    parts.logs.add("two")

    records, _ = application.logs.tail(cursor)

    assert [record.message for record in records] == ["two"]
    assert application.logs.file.name == "heygen.jsonl"


def test_the_doctor_tells_what_was_found() -> None:
    assert [check.state for check in fake_application().doctor()] == [CheckState.OK]
