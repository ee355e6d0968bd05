from portal.core.management.reporting import ReportCommand
from portal.core.safekeeping.rotation import Rotated, rotate_keys
from portal.registry import SEALED_FILES


class Command(ReportCommand):
    help = (
        "Seals all personal data and files with the first key of FIELD_KEYS, while the portal goes on working. May be stopped "
        "and begun again. Says which older keys row history still needs."
    )

    def handle(self, *args, **options) -> None:
        rotated = rotate_keys(files=SEALED_FILES)
        facts = {"rows": rotated.rows, "files": rotated.files, "kept": rotated.kept}
        self.answer(facts, _told(rotated), as_json=options["json"])


def _told(rotated: Rotated) -> str:
    lines = [f"{sum(rotated.rows.values()):,} rows and {rotated.files:,} files sealed with the current key."]
    lines += [
        f"Keep {key} in FIELD_KEYS: {rows:,} rows of history or seals need it." for key, rows in rotated.kept.items()
    ]
    return "\n".join(lines)
