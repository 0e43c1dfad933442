"""Bad files, bad words, bad settings: each is told in a sentence with a way out, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.model_folders import write_model
from tests.integration import bad_models
from tests.integration.heygen_home import HeygenHome

pytestmark = [
    pytest.mark.slow,  # each starts a process or three
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and pipes"),
]
Maker = Callable[[Path], Path]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bad_models.empty, "artifact_empty"),
        (bad_models.truncated, "artifact_corrupt"),
        (bad_models.cut_in_the_header, "artifact_corrupt"),
        (bad_models.header_of_2_to_the_63, "artifact_corrupt"),
        (bad_models.offsets_beyond_the_file, "artifact_corrupt"),
        (bad_models.overlapping_tensors, "artifact_corrupt"),
        (bad_models.header_without_end, "artifact_corrupt"),
        (bad_models.config_that_is_no_json, "artifact_corrupt"),
        (bad_models.own_code, "artifact_unsafe"),
        (bad_models.pickled, "artifact_unsafe"),
        (bad_models.ten_thousand_files, "artifact_empty"),
    ],
)
def test_files_that_cannot_serve_are_refused_with_a_reason(
    unharmed: HeygenHome, tmp_path: Path, make: Maker, code: str
) -> None:
    folder = make(tmp_path / "model")

    error = unharmed("models", "register", folder).refused()

    assert error["code"] == code
    assert str(folder) in error["message"] + error["cause"]
    assert not (folder / bad_models.MARKER).exists()


def test_a_path_where_nothing_is_is_refused(unharmed: HeygenHome, tmp_path: Path) -> None:
    error = unharmed("models", "register", tmp_path / "nothing").refused()

    assert error["code"] == "artifact_missing"


@pytest.mark.parametrize("what", ["", "config.json", "model.safetensors"])
def test_a_path_that_may_not_be_read_is_refused(tmp_path: Path, what: str) -> None:
    home = HeygenHome(tmp_path / "home")
    folder = write_model(tmp_path / "model").path
    (folder / what).chmod(0)

    error = home("models", "register", folder, bound=True).refused()

    assert error["code"] == "artifact_unreadable"
    assert home("models", "list", bound=True).document["total"] == 0


def test_a_home_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    home = HeygenHome(tmp_path / "home")
    home.path.mkdir(mode=0o500)

    error = home("models", "list", bound=True).refused()

    assert error["code"] == "home_unwritable"


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_home_that_is_a_file_is_refused_and_the_file_kept(tmp_path: Path, below: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")

    error = HeygenHome(file / below)("models", "list").refused()

    assert error["code"] == "home_unwritable"
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["~nobody-of-this-name/home", "n" * 300])
def test_a_home_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    home = HeygenHome(Path(name) if name.startswith("~") else tmp_path / name)

    assert home("models", "list").refused()["code"] == "home_unwritable"


@pytest.mark.parametrize("name", ["a/b", "../../etc/passwd", "C:\\model", "-rf", " ", "a" * 129])
def test_a_name_that_cannot_be_one_is_refused_before_any_file_is_read(
    unharmed: HeygenHome, tmp_path: Path, name: str
) -> None:
    error = unharmed("models", "register", tmp_path, f"--name={name}").refused()

    assert error["code"] == "invalid_name"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("run nobody Hello", "model_not_found"),
        ("run starter Hello --param max_tokens=many", "invalid_parameter"),
        ("run starter Hello --param colour=red", "invalid_parameter"),
        ("run starter Hello --seed -3", "invalid_parameter"),
        ("run starter --input prompt=/nowhere", "file_unreadable"),
        ("run starter Hello --output /nowhere/text", "file_unwritable"),
        (f"run starter Hello --output {'n' * 300}", "file_unwritable"),
        (f"monitor --once --csv /tmp/{'n' * 300}/f", "file_unwritable"),
        (f"models register {'n' * 300}", "artifact_unreadable"),
        ("env set development inference.device gpu", "invalid_parameter"),
        ("runs show nothing", "run_not_found"),
        ("env set development generation.temperature hot", "invalid_parameter"),
        ("env set development no.such setting", "setting_not_found"),
        ("env show mars", "environment_not_found"),
        ("unload starter", "model_not_loaded"),
        ("logs --since yesterday", "invalid_parameter"),
    ],
)
def test_words_that_mean_nothing_here_are_refused(
    unharmed: HeygenHome, words: str, code: str
) -> None:
    assert unharmed(*words.split()).refused()["code"] == code


@pytest.mark.parametrize(
    "words", ["bogus", "run", "models", "runs list --limit 0", "run a --param b"]
)
def test_wrong_usage_is_told_in_json_too(unharmed: HeygenHome, words: str) -> None:
    error = unharmed(*words.split()).refused(2)

    assert error["code"] == "wrong_usage"
    assert "--help" in error["remedy"]


def test_keys_that_nobody_knows_in_a_config_are_no_trouble(
    home: HeygenHome, tmp_path: Path
) -> None:
    folder = bad_models.with_unknown_keys(tmp_path / "model")

    assert home("models", "register", folder).document["task"] == "text-generation"


def test_a_model_larger_than_memory_is_listed_as_such_and_refused_before_it_is_loaded(
    home: HeygenHome, tmp_path: Path
) -> None:
    folder = bad_models.larger_than_memory(tmp_path / "large")

    registered = home("models", "register", folder).document
    began = time.monotonic()
    error = home("run", "large", "Hello").refused()

    assert registered["verdict"] == "too_large"
    assert home("models", "show", "large").document["verdict"] == "too_large"
    assert error["code"] == "model_too_large"
    assert time.monotonic() - began < 10
    assert home.states() == ["failed", "cancelled"]


def test_four_terabytes_are_looked_at_in_a_moment(unharmed: HeygenHome, tmp_path: Path) -> None:
    bad_models.sparse(tmp_path / "vast", 4 * 10**12)

    [found] = unharmed("models", "scan", tmp_path).document["items"]

    assert found["size_bytes"] > 4 * 10**12


def test_a_prompt_longer_than_the_context_is_refused(home: HeygenHome, tmp_path: Path) -> None:
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("It is a truth universally acknowledged. " * 200, encoding="utf-8")

    error = home("run", "starter", "--input", f"prompt={prompt}").refused()

    assert error["code"] == "prompt_too_long"
    assert home.states() == ["failed", "cancelled"]


def test_a_device_that_is_not_there_is_refused(home: HeygenHome) -> None:
    error = home("run", "starter", "Hello", "--device", "cuda:7").refused()

    assert error["code"] == "device_unavailable"
    assert home.states() == ["failed", "cancelled"]


@pytest.mark.parametrize(
    "text",
    ["inference = [", "[inference]\nheadroom_mb = 'lots'\n", "[no]\nsuch = 1\n", "\0", "\udcff"],
)
def test_settings_that_cannot_be_used_are_passed_over_with_a_warning(
    unharmed: HeygenHome, text: str
) -> None:
    file = unharmed.path / "heygen.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    try:
        answer = unharmed("models", "list")
    finally:
        file.unlink()

    assert answer.document["total"] == 1
    assert answer.err.startswith("warning: ")
    assert str(file) in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "name", ["HEYGEN__INFERENCE__HEADROOM_MB", "HEYGEN__NOPE", "HEYGEN__NO__SUCH"]
)
def test_a_variable_that_cannot_be_used_is_passed_over_with_a_warning(
    unharmed: HeygenHome, name: str
) -> None:
    answer = unharmed("models", "list", environ={name: "lots"})

    assert answer.document["total"] == 1
    assert answer.err.startswith("warning: ")
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("redirection", "words", "code"),
    [
        ("<&-", "models list", 0),
        ("<&-", "run starter -", 1),
        (">&-", "models list", 1),
        ("2>&-", "models list", 0),
        (">&- 2>&- <&-", "models show nothing", 1),
        (">/dev/full", "models list", 1),
        (">/dev/full", "models show nothing", 1),
        ("| head -0", "models list", 0),
        ("| head -0", "models show nothing", 1),
    ],
)
def test_closed_and_full_streams_end_a_command_quietly(
    unharmed: HeygenHome, redirection: str, words: str, code: int
) -> None:
    line = f"set -o pipefail; {unharmed.shell_line(*words.split())} {redirection}"

    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        env=unharmed.surroundings(),
        timeout=60,
        check=False,
    )

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert (done.stderr == "") is (code == 0 or "2>&-" in redirection)


def test_files_that_changed_after_they_were_registered_end_the_run_with_a_way_on(
    home: HeygenHome, tmp_path: Path
) -> None:
    folder = write_model(tmp_path / "model").path
    home("models", "register", folder)
    (folder / "tokenizer.json").write_text("junk", encoding="utf-8")

    error = home("run", "model", "Hello").refused()

    assert error["code"] == "artifact_changed"
    assert "tokenizer.json" in error["cause"]
    assert "heygen models verify model@1.0.0" in error["remedy"]
    assert home.states() == ["failed", "cancelled"]
