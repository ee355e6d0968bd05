from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from portal.core.accounts.models import User
from portal.core.accounts.roles import Scope
from portal.core.accounts.tokens import create_token
from portal.core.management.reporting import ReportCommand


class Command(ReportCommand):
    help = "Makes a REST token and prints it once; only its digest is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--user", required=True, help="user name of the owner")
        parser.add_argument(
            "--scope", required=True, action="append", choices=Scope.values, help="what the token may do; repeatable"
        )
        parser.add_argument("--days", type=int, default=90, help="term in days, 1 to 365 (default 90)")
        parser.add_argument("--name", default="create_token", help="a name to tell it by")

    def handle(self, *args, user: str, scope: list[str], days: int, name: str, **options) -> None:
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user {user!r}. Give the user name as on the accounts page.")
        try:
            token, secret = create_token(user=owner, name=name, scopes=scope, days=days, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        facts = {"token": secret, "prefix": token.prefix, "scopes": token.scopes, "expires_at": token.expires_at}
        self.answer(facts, secret, as_json=options["json"])
