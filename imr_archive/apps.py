"""The admin's own site: its login asks for a second factor where there is one."""

from django.contrib.admin.apps import AdminConfig


class CurationAdminConfig(AdminConfig):
    """Django's admin with the curators' site as its default."""

    default_site = "determinations.access.site.CurationSite"
