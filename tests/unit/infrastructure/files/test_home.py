from __future__ import annotations

import errno
import stat
import sys
from pathlib import Path

import pytest
from heygen_desktop.domain.errors import DiskFullError, HomeUnwritableError
from heygen_desktop.infrastructure.files.home import Home


def all_places(home: Home) -> list[Path]:
    return [
        home.config_file,
        home.data,
        home.logs,
        home.cache,
        home.backups,
        home.vault_file,
        home.lock_file,
    ]


def test_the_argument_puts_everything_under_one_folder(tmp_path: Path) -> None:
    home = Home.locate(tmp_path, {"HEYGEN_HOME": "/elsewhere"}, portable=True)

    assert home.root == tmp_path
    assert home.config_file == tmp_path / "heygen.toml"
    assert all(place.is_relative_to(tmp_path) for place in all_places(home))


def test_the_variable_counts_where_there_is_no_argument(tmp_path: Path) -> None:
    home = Home.locate(None, {"HEYGEN_HOME": str(tmp_path)}, portable=False)

    assert home == Home.under(tmp_path)


def test_portable_keeps_it_beside_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "heygen")])

    home = Home.locate(None, {"HEYGEN_HOME": "/elsewhere"}, portable=True)

    assert home.root == tmp_path / "heygen-home"


def test_a_frozen_program_is_where_its_executable_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "heygen"))

    home = Home.locate(None, {}, portable=True)

    assert home.root == tmp_path / "bin" / "heygen-home"


@pytest.mark.skipif(sys.platform != "linux", reason="XDG variables are Linux's")
def test_otherwise_the_platforms_own_folders_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))

    home = Home.locate(None, {"HEYGEN_HOME": ""}, portable=False)

    assert home.root is None
    assert home.config_file == tmp_path / "CONFIG" / "heygen-desktop" / "heygen.toml"
    assert home.data == tmp_path / "DATA" / "heygen-desktop"
    assert home.logs.is_relative_to(tmp_path / "STATE" / "heygen-desktop")
    assert home.cache == tmp_path / "CACHE" / "heygen-desktop"
    assert home.keyring_service == "heygen-desktop"


def test_relative_paths_and_the_tilde_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))

    assert Home.under(Path("here/../there")).root == tmp_path / "there"
    if sys.platform != "win32":
        assert Home.under(Path("~/models")).root == tmp_path / "user" / "models"


def test_two_homes_keep_their_secrets_apart(tmp_path: Path) -> None:
    one, other = Home.under(tmp_path / "one"), Home.under(tmp_path / "other")

    assert one.keyring_service != other.keyring_service
    assert one.keyring_service == Home.under(tmp_path / "one").keyring_service
    assert one.keyring_service.startswith("heygen-desktop:")
    assert len(one.keyring_service) == len("heygen-desktop:") + 8


def test_prepared_folders_are_for_this_user_alone(tmp_path: Path) -> None:
    home = Home.under(tmp_path / "new" / "home")

    home.prepare()
    home.prepare()

    folders = [tmp_path / "new", tmp_path / "new" / "home", home.data, home.logs]
    folders += [home.cache, home.backups]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 6
    assert [path for path in home.data.iterdir()] == [home.backups]


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    (tmp_path / "shared").chmod(0o755)

    Home.under(tmp_path / "shared").prepare()

    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_a_file_in_the_place_of_the_home_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(HomeUnwritableError) as trouble:
        Home.under(file).prepare()

    assert trouble.value.details["path"] == str(file)
    assert trouble.value.cause == "A file stands where the folder should be."


def test_a_file_above_the_home_is_named_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(HomeUnwritableError) as trouble:
        Home.under(file / "home").prepare()

    assert str(file) in trouble.value.message


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.EACCES, HomeUnwritableError), (errno.ENOSPC, DiskFullError)],
)
def test_a_folder_that_cannot_be_made_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[Exception]
) -> None:
    def refuse(
        path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False
    ) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(expected):
        Home.under(tmp_path / "home").prepare()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.EROFS, HomeUnwritableError), (errno.ENOSPC, DiskFullError)],
)
def test_a_data_folder_that_cannot_be_written_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: type[Exception]
) -> None:
    def refuse(path: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(Path, "touch", refuse)

    with pytest.raises(expected) as trouble:
        Home.under(tmp_path).prepare()

    assert str(tmp_path / "data") in str(trouble.value)


def test_the_home_of_an_unknown_user_is_refused() -> None:
    with pytest.raises(HomeUnwritableError) as trouble:
        Home.under(Path("~nobody-of-this-name/home"))

    assert trouble.value.cause == "No such user is known here."


def test_a_name_that_no_disk_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeUnwritableError) as trouble:
        Home.under(tmp_path / ("n" * 300)).prepare()

    assert trouble.value.cause
