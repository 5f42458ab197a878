"""The entry point for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr_archive.settings")

application = get_wsgi_application()

from determinations import search  # noqa: E402 - models can be imported once the application is there
from determinations.curation import jobs  # noqa: E402

search.warm_up()
jobs.wake_if_something_waits()
