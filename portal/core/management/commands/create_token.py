from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from portal.core.accounts.models import ApiToken, User
from portal.core.accounts.roles import Scope
from portal.core.accounts.tokens import OVERLAP_DAYS, create_token, rotate_token
from portal.core.management.reporting import USAGE, ReportCommand


class Command(ReportCommand):
    help = (
        "Makes a REST token and prints it once; only its digest is kept. With --rotate it replaces the token of that "
        "prefix by one of the same user, scopes and term; the old one works on for --overlap-days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--user", help="user name of the owner")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="what the token may do; repeatable")
        parser.add_argument("--days", type=int, help="term in days, 1 to 365 (default 90)")
        parser.add_argument("--name", help="a name to tell it by")
        parser.add_argument("--rotate", metavar="PREFIX", help="first 12 characters of the token to replace")
        parser.add_argument(
            "--overlap-days", type=int, help=f"days the old token works on, 0 to 30 (default {OVERLAP_DAYS})"
        )

    def handle(self, *args, rotate: str | None, **options) -> None:
        made = ("user", "scope", "days", "name")
        given = [f"--{name}" for name in made if options[name] is not None]
        if rotate and given:
            raise CommandError(
                f"{given[0]} does not go with --rotate: the new token is as the old one.", returncode=USAGE
            )
        if not rotate and options["overlap_days"] is not None:
            raise CommandError("--overlap-days goes with --rotate PREFIX only.", returncode=USAGE)
        if not rotate and not (options["user"] and options["scope"]):
            raise CommandError("Give --user and --scope for a new token, or --rotate PREFIX.", returncode=USAGE)
        try:
            token, secret = self._rotated(rotate, options) if rotate else self._new(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        facts = {"token": secret, "prefix": token.prefix, "scopes": token.scopes, "expires_at": token.expires_at}
        self.answer(facts, secret, as_json=options["json"])

    def _new(self, options: dict) -> tuple[ApiToken, str]:
        owner = User.objects.filter(username=options["user"]).first()
        if owner is None:
            raise CommandError(f"There is no user {options['user']!r}. Give the user name as on the accounts page.")
        days = 90 if options["days"] is None else options["days"]
        name = options["name"] or "create_token"
        return create_token(user=owner, name=name, scopes=options["scope"], days=days, by=None)

    def _rotated(self, prefix: str, options: dict) -> tuple[ApiToken, str]:
        found = list(ApiToken.objects.filter(prefix=prefix)[:2])
        if len(found) != 1:
            raise CommandError(
                f"{'Several tokens begin' if found else 'No token begins'} with {prefix!r}. Give the first 12 "
                "characters as on the tokens page, or replace the token there."
            )
        days = OVERLAP_DAYS if options["overlap_days"] is None else options["overlap_days"]
        return rotate_token(token=found[0], overlap_days=days, by=None)
