"""The one app of the project."""

from django.apps import AppConfig


class DeterminationsConfig(AppConfig):
    """Letters, decisions, guidelines and reviewers' credentials."""

    name = "determinations"
    verbose_name = "IMR determinations"
    default_auto_field = "django.db.models.BigAutoField"
