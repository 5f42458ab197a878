"""The public pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import views, views_ways

# Kind of values -> where their pages are: a list, and one page a value. A treatment's address has two parts.
WAYS = {
    "specialty": ("specialties/", "specialty"),
    "treatment": ("treatments/", "treatment"),
    "drug": ("drugs/", "drug"),
    "procedure": ("procedures/", "procedure"),
    "guideline": ("guidelines/", "guideline"),
}

urlpatterns = [
    path("", views.home, name="home"),
    path("decisions/", views.decisions, name="decisions"),
    path("cases/<slug:slug>/", views.case, name="case"),
    path("cases/<slug:slug>/source/", views.case_source, name="case-source"),
    path("cases/<slug:slug>/source.txt", views.case_text, name="case-text"),
    path("about/", views.about, name="about"),
    path("healthz", views.healthz, name="healthz"),
    *(
        path(address, views_ways.values, {"facet": facet}, name=address.rstrip("/"))
        for facet, (address, _) in WAYS.items()
    ),
    *(
        path(f"{address}<path:slug>/", views_ways.value, {"facet": facet}, name=page)
        for facet, (address, page) in WAYS.items()
    ),
    path("cases/", RedirectView.as_view(pattern_name="decisions"), name="cases"),
]
