"""The public pages."""

from django.urls import path

urlpatterns: list = []
