"""What the installed torch was built for, told from its files: it is never imported here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from heygen_desktop.infrastructure.devices.cgroups import text_of

_FACT = re.compile(r"^(__version__|cuda)\b[^=\n]*= *['\"]([^'\"]*)['\"]", re.MULTILINE)


@dataclass(frozen=True)
class TorchBuild:
    """An installed torch."""

    version: str
    """Such as 2.13.0+cpu; empty where its files do not say."""
    cuda: str | None
    """The version of CUDA it was built with, empty where that is not told; None for none."""

    def gpu_problem(self, driver_cuda: tuple[int, int] | None) -> str:
        """Return why it cannot use an NVIDIA GPU, in a sentence; an empty text where it can.

        Args:
            driver_cuda: The newest CUDA that the driver serves; None where it does not say.
        """
        name = f"the installed torch ({self.version})" if self.version else "the installed torch"
        if self.cuda is None:
            return f"A GPU is there, but {name} cannot use it: it was built without CUDA."
        major = self.cuda.partition(".")[0]
        if driver_cuda and major.isdecimal() and int(major) > driver_cuda[0]:
            serves = ".".join(map(str, driver_cuda))
            return (
                f"A GPU is there, but {name} cannot use it: it needs CUDA {self.cuda}, and the "
                f"driver serves {serves}."
            )
        return ""


def installed_torch(folder: Path | None = None) -> TorchBuild | None:
    """Return what is installed, or None where that is no torch.

    Args:
        folder: The package's; None to find it as a worker would.
    """
    place = folder or _package()
    if place is None:
        return None
    facts = dict(_FACT.findall(text_of(place / "version.py")))
    # Installers pack version.py away; the library of CUDA is a file in any case.
    has_library = any((place / "lib").glob("*torch_cuda.*"))
    return TorchBuild(facts.get("__version__", ""), facts.get("cuda", "" if has_library else None))


def _package() -> Path | None:
    spec = find_spec("torch")
    return Path(spec.origin).parent if spec and spec.origin else None
