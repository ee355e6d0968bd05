"""Entry point of the web server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)

from portal.core.web.wsgi import Handler  # noqa: E402  (needs the set-up)

application = Handler()
