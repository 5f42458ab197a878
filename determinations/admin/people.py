"""People: accounts with their roles, the log of what was done, and logins."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..access import second_factor
from ..access.rights import ROLES
from .base import ReadOnlyAdmin
from .list_filters import known, people

# Their pages would show everybody's secrets; people set up their own on a page of their own.
admin.site.unregister([TOTPDevice, StaticDevice, User, Group])


@admin.register(User)
class CuratorAdmin(UserAdmin):
    """Accounts. They are made inactive and never deleted: what a person did stays in the log with the name."""

    list_display = ["username", "role_names", "is_active", "has_second_factor", "last_login"]
    list_filter = ["groups", "is_active"]
    filter_horizontal = ["groups", "user_permissions"]
    actions = ["turn_off_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights beyond the roles are for superusers to give: who has less could give them to himself."""
        if obj is None or request.user.is_superuser:
            return super().get_fieldsets(request, obj)
        return [
            (None, {"fields": ["username", "password"]}),
            ("Person", {"fields": ["first_name", "last_name", "email"]}),
            ("Rights", {"fields": ["is_active", "is_staff", "groups"]}),
            ("Dates", {"fields": ["last_login", "date_joined"]}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        """The groups."""
        return ", ".join(group.name for group in user.groups.all()) or ("superuser" if user.is_superuser else "")

    @admin.display(description="second factor", boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether a login asks for a code."""
        return any(device.confirmed for device in user.totpdevice_set.all())

    @admin.action(description="Turn the second factor off: the device is lost", permissions=["change"])
    def turn_off_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people in again by their password alone."""
        for user in queryset:
            if self.has_change_permission(request, user):
                second_factor.turn_off(user)
                self.log_change(request, user, "Turned the second factor off.")


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles. Those that are shipped follow access/rights.py and are only shown; others can be made."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.name not in ROLES)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in ROLES)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What was done in the admin."""

    list_display = ["action_time", "user", "what", "content_type", "object_repr", "message"]
    list_filter = ["action_flag", known("user", people)]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr__startswith"]
    search_help_text = "The beginning of the name of what was changed"

    @admin.display(description="action")
    def what(self, entry: LogEntry) -> str:
        """Addition, change or deletion."""
        return entry.get_action_flag_display()

    @admin.display(description="change")
    def message(self, entry: LogEntry) -> str:
        """What was changed, in words."""
        return entry.get_change_message()


@admin.register(AccessLog)
class LoginAdmin(ReadOnlyAdmin):
    """Logins."""

    list_display = ["attempt_time", "username", "ip_address", "logout_time"]
    search_fields = ["username__startswith"]
    exclude = ["session_hash"]


@admin.register(AccessAttempt)
class FailedLoginAdmin(ReadOnlyAdmin):
    """Failed logins that still count; to delete one is to let its people try again at once."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start"]
    search_fields = ["username__startswith"]
    exclude = ["get_data", "post_data"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
