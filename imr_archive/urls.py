"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/queue/", include("determinations.admin.queue_urls")),
    path("admin/", admin.site.urls),
    path("", include("determinations.urls")),
]
