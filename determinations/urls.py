"""The public pages, and the addresses for programs."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path, re_path
from django.views.decorators.gzip import gzip_page
from django.views.generic import RedirectView

from . import discovery, downloads, views, views_removals, views_reports, views_ways
from .api import documentation
from .api.endpoints import api

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
    path("decisions/facets/<slug:name>/", views.facet_values, name="facet-values"),
    path("search-help/", views.search_help, name="search-help"),
    path("suggest/", views.suggest, name="suggest"),
    path("cases/<slug:slug>/", views.case, name="case"),
    path("cases/<slug:slug>/items/<int:position>/similar/", views.case_similar, name="case-similar"),
    path("compare/", views.compare, name="compare"),
    path("cases/<slug:slug>/source/", views.case_source, name="case-source"),
    path("cases/<slug:slug>/source.txt", views.case_text, name="case-text"),
    path("cases/<slug:slug>/report/", views_reports.report, name="report"),
    path("cases/<slug:slug>/report/thanks/", views_reports.report_thanks, name="report-thanks"),
    path("about/", views.about, name="about"),
    path("about/removals/", views_removals.log, name="removals"),
    path("about/removals/request/", views_removals.ask, name="removal-request"),
    path("about/removals/request/thanks/", views_removals.thanks, name="removal-thanks"),
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
    # What is taken away.
    re_path(r"^decisions\.(?P<suffix>csv|jsonl?)$", downloads.export, name="export"),
    path("decisions.atom", downloads.feed, name="feed"),
    path("api/", documentation.page, name="api"),
    path("api/v1/openapi.json", documentation.openapi, name="api-openapi"),
    path("api/v1/", api.urls),
    # What tells programs about the site.
    path("robots.txt", discovery.robots, name="robots"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
    path(
        "sitemap.xml",
        gzip_page(sitemaps.index),
        {"sitemaps": discovery.SITEMAPS, "sitemap_url_name": "sitemap-part"},
        name="sitemap",
    ),
    path("sitemaps/<section>.xml", gzip_page(sitemaps.sitemap), {"sitemaps": discovery.SITEMAPS}, name="sitemap-part"),
]
