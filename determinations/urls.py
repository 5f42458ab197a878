"""The public pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/facets/<slug:name>/", views.facet_values, name="facet-values"),
    path("search-help/", views.search_help, name="search-help"),
    path("suggest/", views.suggest, name="suggest"),
    path("cases/<slug:slug>/", views.case, name="case"),
    path("cases/<slug:slug>/source/", views.case_source, name="case-source"),
    path("cases/<slug:slug>/source.txt", views.case_text, name="case-text"),
    path("about/", views.about, name="about"),
    path("healthz", views.healthz, name="healthz"),
    path("cases/", RedirectView.as_view(pattern_name="decisions"), name="cases"),
]
