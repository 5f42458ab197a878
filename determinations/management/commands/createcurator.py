"""``manage.py createcurator``: an account for curation, in a role."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from getpass import getpass
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from determinations.access import second_factor
from determinations.access.rights import ADMINISTRATOR, CURATOR, ROLES

PASSWORD_VARIABLE = "IMR_CURATOR_PASSWORD"  # noqa: S105  the name of a variable


def role(text: str) -> str:
    """The value of --role: a role's name in any case, with blanks or hyphens."""
    found = {name.lower(): name for name in ROLES}.get(text.lower().replace("-", " "))
    if not found:
        names = ", ".join(name.lower().replace(" ", "-") for name in ROLES)
        raise ArgumentTypeError(f"{text!r}: expected one of {names}")
    return found


class Command(BaseCommand):
    """Makes the account; the password never stands on the command line, where others could read it."""

    help = (
        "Make an account that may curate, in a role: reader, curator, editor, privacy-officer or administrator. The "
        f"password is asked for, or read from the variable {PASSWORD_VARIABLE} or the first line of standard input. "
        "Exit status: 0 made, 1 refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", metavar="NAME", help="to log in with (asked for if it is left out)")
        parser.add_argument(
            "--role", type=role, help="default: administrator for the first account, curator for all others"
        )
        parser.add_argument("--email", default="", help="to reach the person by")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or self._ask_name()
        first = not User.objects.filter(is_active=True, is_staff=True).exists()
        given = options["role"] or (ADMINISTRATOR if first else CURATOR)
        user = User(username=User.normalize_username(name), email=options["email"], is_staff=True)
        try:
            user.full_clean(exclude=["password"])
            password = self._password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        user.set_password(password)
        with transaction.atomic():
            user.save()
            user.groups.add(Group.objects.get(name=given))
        self._say_what_next(user, given)

    def _ask_name(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Say which name: createcurator NAME")
        return input("Name to log in with: ").strip()

    def _password(self) -> str:
        if os.environ.get(PASSWORD_VARIABLE):
            return os.environ[PASSWORD_VARIABLE]
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass("Password (at least 12 characters): ")
        if getpass("The same again: ") != password:
            raise CommandError("The two differ; nothing was made.")
        return password

    def _say_what_next(self, user: User, given: str) -> None:
        say = self.stdout.write
        say(f"{user.username} may log in at {reverse('admin:login')} as {given.lower()}.")
        must = "asks for" if second_factor.is_required() else "offers"
        say(f"There, “Second factor” {must} a code at login besides the password. Roles are changed under “Users”.")
