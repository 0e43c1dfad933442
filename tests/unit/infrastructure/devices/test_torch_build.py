"""What an installed torch can do, told from folders as its builds leave them."""

from __future__ import annotations

from pathlib import Path

import pytest
from heygen_desktop.infrastructure.devices.torch_build import TorchBuild, installed_torch

DRIVER = (12, 8)


def written(folder: Path, version: str | None, *libraries: str) -> TorchBuild:
    (folder / "lib").mkdir()
    for library in ("libtorch_cpu.so", *libraries):
        (folder / "lib" / library).touch()
    if version is not None:
        (folder / "version.py").write_text(version, encoding="utf-8")
    build = installed_torch(folder)
    assert build is not None
    return build


def version_file(version: str, cuda: str) -> str:
    return (
        "from typing import Optional\n\n__all__ = ['__version__', 'cuda']\n"
        f"__version__ = '{version}'\ndebug = False\ncuda{cuda}\ngit_version = 'cf30'\n"
        "hip: Optional[str] = None\n"
    )


@pytest.mark.parametrize("cuda", [": Optional[str] = None", " = None"])
def test_a_build_for_processors_cannot_use_a_gpu(tmp_path: Path, cuda: str) -> None:
    build = written(tmp_path, version_file("2.13.0+cpu", cuda))

    assert build == TorchBuild("2.13.0+cpu", None)
    assert build.gpu_problem(DRIVER) == (
        "A GPU is there, but the installed torch (2.13.0+cpu) cannot use it: it was built without "
        "CUDA."
    )


@pytest.mark.parametrize("cuda", [": Optional[str] = '12.6'", ' = "12.6"'])
def test_a_build_with_cuda_can(tmp_path: Path, cuda: str) -> None:
    build = written(tmp_path, version_file("2.13.0", cuda), "libtorch_cuda.so")

    assert build == TorchBuild("2.13.0", "12.6")
    assert build.gpu_problem(DRIVER) == ""


def test_a_driver_that_is_too_old_for_the_build_is_told() -> None:
    build = TorchBuild("2.13.0+cu130", "13.0")

    assert build.gpu_problem(DRIVER).endswith("it needs CUDA 13.0, and the driver serves 12.8.")
    assert build.gpu_problem(None) == ""
    assert build.gpu_problem((13, 0)) == ""


@pytest.mark.parametrize(("libraries", "cuda"), [((), None), (("libtorch_cuda.so",), "")])
def test_where_the_version_is_packed_away_the_libraries_tell(
    tmp_path: Path, libraries: tuple[str, ...], cuda: str | None
) -> None:
    assert written(tmp_path, None, *libraries) == TorchBuild("", cuda)


def test_a_build_that_names_no_version_is_spoken_of_without_it() -> None:
    assert "the installed torch cannot" in TorchBuild("", None).gpu_problem(None)


def test_what_is_installed_here_is_found_without_importing_it() -> None:
    build = installed_torch()

    assert build is not None and build.version.startswith("2.")


def test_no_torch_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "heygen_desktop.infrastructure.devices.torch_build.find_spec", lambda name: None
    )

    assert installed_torch() is None
