"""The one app of the project."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeterminationsConfig(AppConfig):
    """Letters, decisions, guidelines and reviewers' credentials."""

    name = "determinations"
    verbose_name = "IMR determinations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The roles follow their table once permissions are there: this app is the last of the list."""
        from .access import sessions
        from .access.rights import settle_roles

        post_migrate.connect(settle_roles, sender=self)
        sessions.connect()
