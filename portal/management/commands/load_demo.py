from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.territory.models import Population
from portal.demo.filling import LEDGER_SOURCE
from portal.demo.loading import load
from workforce.models import Person


class Command(BaseCommand):
    help = "Sets up the demonstration (Tianjin, an invented roster, one account per role) and prints its logins."

    def execute(self, *args, **options) -> dict[str, str]:
        """As every command; returns the passwords by user name to whoever calls it from code."""
        self.logins: dict[str, str] = {}
        super().execute(*args, **options)
        return self.logins

    def handle(self, *args, **options) -> None:
        _refuse_elsewhere()
        self.logins = load(self._say)
        if self._called_from_command_line:
            width = max(map(len, self.logins))
            self.stdout.write("\n".join(f"{name:<{width}}  {password}" for name, password in self.logins.items()))

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _refuse_elsewhere() -> None:
    if not (settings.EMBEDDED or settings.DEMO):
        raise CommandError(
            "load_demo makes accounts whose passwords are printed, so it works on the embedded database only. Unset "
            "DATABASE_URL, or set PORTAL_DEMO=1 if this database is meant for a demonstration."
        )
    if Person.objects.exists() and not Population.objects.filter(source=LEDGER_SOURCE).exists():
        raise CommandError(
            "This database holds a roster that is not the demonstration's. Set DATA_DIR to an empty folder instead."
        )
