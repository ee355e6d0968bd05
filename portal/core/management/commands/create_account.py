from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from portal.core.accounts.actions import create_user, give_grant
from portal.core.accounts.roles import Role
from portal.core.management.reporting import ReportCommand, division_of


class Command(ReportCommand):
    help = "Makes an account with one role, for the first administrators of a new portal; prints its initial password."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--division", default="", help="code of the territory; the whole country when left out")

    def handle(self, *args, username: str, name: str, role: str, division: str, **options) -> None:
        place = division_of(division)
        try:
            with transaction.atomic():
                user, password = create_user(username=username, name=name, division=place, by=None)
                give_grant(user=user, role=role, division=place, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        facts = {"username": user.username, "initial_password": password}
        sentence = f"{user.username} {password} (valid for 24 hours, to be changed at the first log-in)"
        self.answer(facts, sentence, as_json=options["json"])
