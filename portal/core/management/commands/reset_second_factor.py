from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from portal.core.accounts.models import User
from portal.core.accounts.second_factor import reset_factor
from portal.core.management.reporting import ReportCommand


class Command(ReportCommand):
    help = (
        "Takes away the second factor of an account, for the last security administrator who lost the telephone and "
        "the recovery codes; ends the account's sessions and is written to the audit trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--username", required=True)
        parser.add_argument("--reason", required=True, help="why, for the audit trail")

    def handle(self, *args, username: str, reason: str, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username!r}. Give the user name as on the accounts page.")
        try:
            reset_factor(user=user, reason=reason, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        sentence = f"The second factor of {username} is gone; the password is all that the next log-in asks for."
        self.answer({"username": username}, sentence, as_json=options["json"])
