from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from portal.core.management.reporting import ReportCommand
from portal.core.safekeeping.backup import take_backup
from portal.core.safekeeping.programs import Refused


class Command(ReportCommand):
    help = (
        "Writes the database and every sealed file into the new folder DIR while the portal goes on working. The keys are "
        "not part of it: keep FIELD_KEYS (or DATA_DIR/secrets) somewhere else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet")

    def handle(self, *args, folder: Path, **options) -> None:
        try:
            manifest = take_backup(folder.absolute())
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        size = sum((folder / name).stat().st_size for name in manifest.files)
        facts = {"folder": str(folder), "files": len(manifest.files), "bytes": size, "keys": sorted(manifest.keys)}
        facts["head"] = manifest.head
        self.answer(
            facts,
            f"{folder}: {len(manifest.files)} files, {size:,} bytes. It opens with the key {', '.join(manifest.keys)}, which "
            f"is not part of it.\nHead of the audit chain: {manifest.head}",
            as_json=options["json"],
        )
