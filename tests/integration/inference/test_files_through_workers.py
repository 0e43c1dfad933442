"""A file to a real worker process and one back: the pipe carries references, never content."""

from __future__ import annotations

from pathlib import Path

from heygen_desktop.application.tasks.blob import Blob
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import RunState
from heygen_desktop.infrastructure.files.blobs import BlobFolder

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts
from tests.factories.pictures import NEGATIVE, PICTURE, PICTURES, WITH_PICTURES
from tests.integration.inference.support import supervised


def test_a_worker_reads_the_file_it_is_lent_and_its_own_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PICTURE)
    blobs = BlobFolder(tmp_path / "blobs")
    with supervised() as (supervisor, _):
        parts = FakeParts(blobs=blobs, inference=supervisor)  # type: ignore[arg-type]  # the port's own
        application = fake_application(parts, tasks=WITH_PICTURES)
        application.ensure_starter_model()
        image = application.files(tmp_path / "cat.png")

        request = RunRequest("starter", {"image": image}, task=PICTURES.tag)
        done = ended(application.start_run(request))

    assert done.failure is None
    assert done.state is RunState.SUCCEEDED
    made = Blob.model_validate(done.output["image"])
    assert blobs.path(made).read_bytes() == NEGATIVE
    assert blobs.usage().count == 2
    assert list((tmp_path / "blobs" / "staging").iterdir()) == []
