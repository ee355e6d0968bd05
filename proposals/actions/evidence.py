"""Evidence of promises and tasks: a file of the place that belongs to no proposal, found through what it proves."""

from dataclasses import dataclass
from typing import BinaryIO

from proposals.actions.files import keep_file
from proposals.models import CaseFile


@dataclass(frozen=True)
class Upload:
    """A file as a form hands it over."""

    file: BinaryIO
    name: str
    size: int


def keep_evidence(upload: Upload | None, *, division_id: str, by) -> CaseFile | None:
    """Seals a file; None stays None. Part of its caller's act. Raises ValidationError as `keep_file` does."""
    if upload is None:
        return None
    return keep_file(
        division_id=division_id, proposal=None, file=upload.file, name=upload.name, size=upload.size, by=by
    )
