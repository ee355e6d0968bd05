from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.translation.catalogue import ENGLISH, compile_catalogue, faults, update


class Command(BaseCommand):
    help = "Keeps the English catalogue; needs no gettext on the machine."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--check", action="store_true", help="list what is missing, unused or wrong; exit code 1 if any"
        )
        what.add_argument("--update", action="store_true", help="add texts that are new, drop those no longer used")
        what.add_argument("--compile", action="store_true", help="write the .mo that Django reads")

    def handle(self, *args, **options) -> None:
        root = settings.BASE_DIR
        if options["update"]:
            added, dropped = update(root)
            self.stdout.write(f"{ENGLISH}: {added} texts added, {dropped} dropped.")
        elif options["compile"]:
            path = compile_catalogue(root)
            self.stdout.write(f"{path.relative_to(root)} written." if path else f"{ENGLISH} was compiled already.")
        elif found := faults(root):
            raise CommandError("\n".join([*found, f"{len(found)} faults."]))
        else:
            self.stdout.write("Every text is translated.")
