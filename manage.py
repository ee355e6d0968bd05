#!/usr/bin/env python
"""Command line of the portal.

Without DATABASE_URL a command joins the embedded services, or starts them for its own length.
Exit codes: 0 done, 1 refused with a reason, 2 wrong use.
"""

import os
import sys

from django.core.management import execute_from_command_line

from portal import embedded

# These touch no row; `serve` holds the services itself.
WITHOUT_DATABASE = {
    "help",
    "version",
    "check",
    "collectstatic",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "messages",
}
WITHOUT_DATABASE |= {"serve", "startapp", "startproject", "spectacular"}


def needs_services(arguments: list[str]) -> bool:
    """Whether this call needs the embedded services."""
    if os.environ.get("DATABASE_URL") or not arguments or arguments[0] in WITHOUT_DATABASE:
        return False
    return not any(argument in ("-h", "--help", "--version") for argument in arguments)


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        if not needs_services(sys.argv[1:]):
            execute_from_command_line(sys.argv)
            return
        with embedded.running(embedded.data_dir()):
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
