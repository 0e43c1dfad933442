"""``heygen models``: registering, finding, listing, showing and removing."""

from __future__ import annotations

import signal
from pathlib import Path

from heygen_desktop.domain.errors import ArtifactCorruptError

from tests.cli.terminal import Terminal
from tests.factories.parts import STARTER_PATH, an_artifact

MODEL_KEYS = {
    "id", "name", "version", "type", "format", "task", "status", "path", "size_bytes", "parameters",
    "dtypes", "licence", "tags", "checksum", "verdict", "created_at",
}  # fmt: skip


def test_registering_tells_what_was_recognised(terminal: Terminal) -> None:
    answer = terminal.run(
        "models", "register", STARTER_PATH, "--name", "mine", "--version", "2.0.0",
        "--tag", "a", "--tag", "b", "--note", "For trying.", "--json",
    )  # fmt: skip

    assert answer.code == 0
    assert answer.document.keys() >= MODEL_KEYS
    assert answer.document["name"] == "mine"
    assert answer.document["version"] == "2.0.0"
    assert answer.document["tags"] == ["a", "b"]
    assert answer.document["created"] is True
    assert answer.err == "Registered mine 2.0.0.\n"


def test_registering_the_same_files_again_adds_nothing(with_starter: Terminal) -> None:
    answer = with_starter.run("models", "register", STARTER_PATH)

    assert answer.code == 0
    assert answer.err == "starter 1.0.0 was registered already.\n"
    assert "3,499,500 (F16)" in answer.out
    assert len(with_starter.application().list_models()) == 1


def test_several_are_registered_at_once_and_each_that_is_not_says_why(terminal: Terminal) -> None:
    here = Path("model").absolute()
    terminal.parts.artifacts.known[here] = an_artifact(here)

    answer = terminal.run("models", "register", STARTER_PATH, "/nowhere", here, "--json")

    assert answer.code == 1
    assert answer.document["total"] == 3
    starter, gone, model = answer.document["items"]
    assert (starter["name"], model["name"]) == ("starter", "model")
    assert starter["checksum"].startswith("sha256:")
    assert gone["error"]["code"] == "artifact_missing"
    assert "/nowhere: There is nothing at /nowhere." in answer.err


def test_several_cannot_share_a_name(terminal: Terminal) -> None:
    answer = terminal.run("models", "register", STARTER_PATH, "/other", "--name", "one", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (2, "wrong_usage")


def test_ctrl_c_during_the_checksum_leaves_the_entry(terminal: Terminal) -> None:
    terminal.parts.artifacts.before_checksum = lambda: signal.raise_signal(signal.SIGINT)

    answer = terminal.run("models", "register", STARTER_PATH)
    shown = terminal.run("models", "show", "starter")

    assert answer.code == 130
    assert answer.err.splitlines()[0] == "Registered starter 1.0.0."
    assert "not computed yet" in shown.out


def test_a_checksum_that_fails_leaves_the_entry_and_says_why(terminal: Terminal) -> None:
    def cut() -> None:
        terminal.parts.artifacts.known[STARTER_PATH] = ArtifactCorruptError("x", "Cut short.")

    terminal.parts.artifacts.before_checksum = cut

    answer = terminal.run("models", "register", STARTER_PATH, "--json")

    assert answer.code == 1
    assert answer.document["error"]["code"] == "artifact_changed"
    assert terminal.run("models", "list", "--json").document["total"] == 1


def test_verifying_says_that_nothing_changed(with_starter: Terminal) -> None:
    answer = with_starter.run("models", "verify", "starter", "--json")

    assert answer.code == 0
    assert answer.document["changed"] == []
    assert answer.err == "starter 1.0.0 is what was registered.\n"


def test_registering_files_that_changed_says_so_instead_of_the_old_checksum(
    with_starter: Terminal,
) -> None:
    with_starter.parts.artifacts.change(STARTER_PATH)

    answer = with_starter.run("models", "register", STARTER_PATH, "--json")

    assert answer.code == 1
    assert answer.document["error"]["code"] == "artifact_changed"


def test_changed_files_are_taken_only_when_that_is_said(with_starter: Terminal) -> None:
    old = with_starter.run("models", "show", "starter", "--json").document
    with_starter.parts.artifacts.change(STARTER_PATH)

    refused = with_starter.run("models", "verify", "starter")
    shown = with_starter.run("models", "show", "starter", "--json").document
    taken = with_starter.run("models", "verify", "starter", "--accept", "--json")

    assert refused.code == 1
    assert "heygen models verify starter@1.0.0 --accept" in refused.err
    assert shown["problem"]["code"] == "artifact_changed"
    assert shown["checksum"] == old["checksum"] != taken.document["checksum"]
    assert (taken.code, taken.document["changed"]) == (0, ["model.safetensors"])
    assert "is taken as it is now" in taken.err


def test_a_path_with_nothing_fails_with_cause_and_remedy(terminal: Terminal) -> None:
    answer = terminal.run("models", "register", "/nowhere", "--json")

    assert answer.code == 1
    assert answer.document["error"]["code"] == "artifact_missing"
    assert answer.document["error"].keys() == {"code", "message", "cause", "remedy", "details"}
    assert answer.err.splitlines()[0] == "error: There is nothing at /nowhere."
    assert answer.err.splitlines()[1].startswith("cause: ")
    assert answer.err.splitlines()[2].startswith("remedy: ")


def test_a_name_with_slashes_is_refused(terminal: Terminal) -> None:
    answer = terminal.run("models", "register", STARTER_PATH, "--name", "../x")

    assert (answer.code, answer.out) == (1, "")
    assert "cannot be the name of a model" in answer.err


def test_a_type_that_does_not_exist_is_wrong_usage(terminal: Terminal) -> None:
    answer = terminal.run("models", "register", STARTER_PATH, "--type", "smell", "--json")

    assert (answer.code, answer.document["error"]["code"]) == (2, "wrong_usage")
    assert "smell" in answer.err


def test_a_relative_path_is_registered_as_an_absolute_one(terminal: Terminal) -> None:
    here = Path("model").absolute()
    terminal.parts.artifacts.known[here] = an_artifact(here)

    answer = terminal.run("models", "register", "model", "--json")

    assert answer.document["path"] == str(here)


def test_a_scan_lists_models_and_what_only_looks_like_one(with_starter: Terminal) -> None:
    broken = Path("/program/broken")
    with_starter.parts.artifacts.known[broken] = ArtifactCorruptError(str(broken), "Cut short.")

    answer = with_starter.run("models", "scan", "/program", "--json")

    assert answer.document["total"] == 2
    assert [each["registered_as"] for each in answer.document["items"]] == [None, "starter@1.0.0"]
    assert answer.document["items"][0]["error"]["code"] == "artifact_corrupt"


def test_a_scan_is_a_table_for_people(with_starter: Terminal) -> None:
    broken = Path("/program/broken")
    with_starter.parts.artifacts.known[broken] = ArtifactCorruptError(str(broken), "Cut short.")

    lines = with_starter.run("models", "scan", "/program").out.splitlines()

    assert lines[0].split() == ["PARAMETERS", "SIZE", "WHAT", "REGISTERED", "AS", "PATH"]
    assert "Cut short." in lines[1]
    assert "starter@1.0.0" in lines[2]


def test_a_scan_of_a_folder_without_models_says_so(terminal: Terminal, tmp_path: Path) -> None:
    terminal.parts.artifacts.folders.add(tmp_path)

    missing = terminal.run("models", "scan", "/elsewhere")
    empty = terminal.run("models", "scan", tmp_path)

    assert missing.code == 1
    assert (empty.code, empty.out, empty.err) == (0, "", "No model was found there.\n")


def test_ctrl_c_while_scanning_is_no_failure(terminal: Terminal) -> None:
    terminal.parts.artifacts.before_scan = lambda: signal.raise_signal(signal.SIGINT)

    answer = terminal.run("models", "scan", "/program", "--json")

    assert answer.code == 130
    assert answer.document["error"]["code"] == "interrupted"
    assert answer.err == "The command was interrupted.\n"


def test_an_empty_library_says_what_to_do_next(terminal: Terminal) -> None:
    answer = terminal.run("models", "list")

    assert (answer.code, answer.out) == (0, "")
    assert "heygen models scan" in answer.err
    assert terminal.run("models", "list", "--json").document == {"items": [], "total": 0}


def test_a_list_has_a_line_for_each_model(with_starter: Terminal) -> None:
    lines = with_starter.run("models", "list").out.splitlines()

    assert lines[0].split()[:3] == ["NAME", "VERSION", "TASK"]
    assert lines[1].split() == [
        "starter", "1.0.0", "text-generation", "safetensors", "3.5", "M", "7.0", "MB", "registered", "fits",
    ]  # fmt: skip
    assert len(lines) == 2


def test_a_list_can_be_narrowed(with_starter: Terminal) -> None:
    assert with_starter.run("models", "list", "--tag", "starter", "--json").document["total"] == 1
    assert with_starter.run("models", "list", "--format", "gguf", "--json").document["total"] == 0
    nothing = with_starter.run("models", "list", "--search", "whisper", "--status", "archived")

    assert (nothing.out, nothing.err) == ("", "No model matches.\n")


def test_showing_a_model_says_whether_it_fits(with_starter: Terminal) -> None:
    person = with_starter.run("models", "show", "starter@1.0.0")
    script = with_starter.run("models", "show", "starter", "--json")

    assert "memory      fits: needs" in person.out
    assert script.document.keys() >= MODEL_KEYS
    assert script.document["verdict"] == "fits"


def test_a_name_that_is_nearly_right_gets_a_suggestion(with_starter: Terminal) -> None:
    answer = with_starter.run("models", "show", "startr")

    assert answer.code == 1
    assert "remedy: Did you mean starter?" in answer.err


def test_what_is_said_of_a_model_is_changed_and_the_rest_stays(with_starter: Terminal) -> None:
    with_starter.run("models", "update", "starter", "--note", "For trying.", "--tag", "small")

    answer = with_starter.run(
        "models", "update", "starter", "--description", "Writes.", "--favourite", "--json"
    )

    assert answer.code == 0
    said = {key: answer.document[key] for key in ("description", "note", "tags", "favourite")}
    assert said == {
        "description": "Writes.", "note": "For trying.", "tags": ["small"], "favourite": True,
    }  # fmt: skip


def test_an_empty_tag_takes_all_tags_away(with_starter: Terminal) -> None:
    with_starter.run("models", "update", "starter", "--tag", "small")

    answer = with_starter.run("models", "update", "starter", "--tag", "", "--json")

    assert answer.document["tags"] == []


def test_an_update_of_nothing_says_what_can_be_changed(with_starter: Terminal) -> None:
    answer = with_starter.run("models", "update", "starter")

    assert answer.code == 2
    assert "--description" in answer.err


def test_removing_forgets_the_model_and_not_its_files(with_starter: Terminal) -> None:
    answer = with_starter.run("models", "remove", "starter", "--json")

    assert answer.document == {"model": "starter", "version": None, "removed": True}
    assert with_starter.application().list_models() == []


def test_removing_one_version_names_it(with_starter: Terminal) -> None:
    other = Path("/program/other")
    with_starter.parts.artifacts.known[other] = an_artifact(other)
    with_starter.run("models", "register", other, "--name", "starter")

    answer = with_starter.run("models", "remove", "starter@1.0.0")

    assert answer.out == "Removed starter 1.0.0; its files are where they were.\n"
    assert [str(m.version.version) for m in with_starter.application().list_models()] == ["1.1.0"]


def test_a_group_without_a_command_shows_its_commands(terminal: Terminal) -> None:
    answer = terminal.run("models")

    assert "register" in answer.out + answer.err
    assert terminal.launched == []


def test_a_tilde_that_names_no_user_is_part_of_a_files_name(terminal: Terminal) -> None:
    here = Path("~nobody-of-this-name").absolute()
    terminal.parts.artifacts.known[here] = an_artifact(here)

    answer = terminal.run("models", "register", "~nobody-of-this-name", "--name", "own", "--json")

    assert answer.document["path"] == str(here)
