"""The entry point for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr_archive.settings")

application = get_wsgi_application()

from determinations import search  # noqa: E402 - models can be imported once the application is there

search.warm_up()
