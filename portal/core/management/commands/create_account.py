import json

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.core.accounts.actions import create_user, give_grant
from portal.core.accounts.roles import Role
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division


class Command(BaseCommand):
    help = "Makes an account with one role, for the first administrators of a new portal; prints its initial password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--division", default="", help="code of the territory; the whole country when left out")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, username: str, name: str, role: str, division: str, **options) -> None:
        place = self._place(division)
        try:
            with transaction.atomic():
                user, password = create_user(username=username, name=name, division=place, by=None)
                give_grant(user=user, role=role, division=place, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"username": user.username, "initial_password": password}))
        else:
            self.stdout.write(f"{user.username} {password} (valid for 24 hours, to be changed at the first log-in)")

    def _place(self, text: str) -> Division | None:
        place = find_division(text) if text else None
        if text and place is None:
            raise CommandError(f"There is no division {text!r}. Load the divisions first, or leave --division out.")
        return place
