"""The whole public site as data: every address that does not depend on what a visitor types, with what it says.

What differs between two archives of the same letters though they say the same is taken out: the times at which rows
were written, and what is made of them.
"""

import gzip
import re
import xml.etree.ElementTree as ET

from django.urls import reverse

from determinations import search
from determinations.labels import load_labels
from determinations.models import Case, Reviewer
from determinations.search import names
from determinations.search.documents import documents
from determinations.search.schema import COLUMNS, FACET, PROFILE, RUNS, order_keys

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_TIMES = re.compile(
    r"<(lastmod|updated|published)>[^<]*</\1>|\"(updated_at|changed_at|created_at|ingested_at)\": *\"[^\"]*\""
)
_TOKEN = re.compile(r"csrfmiddlewaretoken\" value=\"[^\"]*\"")
_CURSOR = re.compile(r"cursor=[\w%.-]+")  # holds ids

# Of a document of the index: what is another number in another archive.
_IDS = {"case", "item", "letter", "stamp", *COLUMNS, *order_keys(None, 1, "", 1, 1)}


def addresses(client) -> list[str]:
    """Every page of the sitemaps, what hangs on each letter, files, feeds, and the API with all its letters."""
    found = ["/sitemap.xml", "/robots.txt", "/opensearch.xml", "/decisions.atom", "/healthz", "/suggest/?q=pain"]
    for section in ("pages", "letters"):
        root = ET.fromstring(client.get(f"/sitemaps/{section}.xml").content)
        found += [re.sub(r"^https?://[^/]+", "", node.text) for node in root.iter(_SITEMAP)]
    for case in Case.objects.public().order_by("slug").prefetch_related("items"):
        page = case.get_absolute_url()
        found += [f"{page}source/", f"{page}source.txt", f"/api/v1/cases/{case.slug}"]
        found += [f"{page}items/{item.position}/similar/" for item in case.items.all()]
        found += [f"/compare/?item={case.slug}/{item.position}" for item in case.items.all()]
    found += [f"/decisions.{suffix}{asked}" for suffix in ("csv", "json", "jsonl") for asked in ("", "?q=pain")]
    for page in range(1, 20):
        found += [f"/decisions/?page={page}", f"/decisions/?page={page}&sort=newest"]
    for outcome in ("Overturned", "Upheld"):
        found.append(f"/decisions/?outcome={outcome.lower()}")
    found += [one for one in api_addresses(client) if one not in found]
    return list(dict.fromkeys(found))


def api_addresses(client) -> list[str]:
    """The API's addresses that need nothing filled in."""
    document = client.get(reverse("api-openapi")).json()
    return [f"/api/v1{path}" for path in document["paths"] if "{" not in path]


def body(client, address: str) -> tuple[int, str]:
    """Status and text of an address, without times."""
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Encoding"):
        content = gzip.decompress(content)
    text = _TOKEN.sub("", content.decode("utf-8"))
    return answer.status_code, _CURSOR.sub("cursor=", _TIMES.sub("<time>", text))


def everything(client) -> dict[str, tuple[int, str]]:
    """Address -> status and text, of the whole site."""
    return {address: body(client, address) for address in addresses(client)}


def indexed() -> tuple[list[dict], dict]:
    """What the index holds of every decision, and its counts, with slugs in place of ids and without times."""
    labels = load_labels()
    profiles = dict(Reviewer.objects.values_list("pk", "fingerprint"))
    found = []
    for pk, slug in Case.objects.public().order_by("slug").values_list("pk", "slug"):
        for letter in documents([pk]):
            for document in letter:
                named = {name: value for name, value in document.items() if name not in _IDS}
                named[PROFILE] = profiles[int(document[PROFILE])]
                named[RUNS] = sorted(document[RUNS].split())  # a set, in any order
                named[FACET] = sorted({_slug(labels, *one) for term in document[FACET] for one in _values(term)})
                found.append({"slug": slug, **named})
    counts = search.facets(search.DecisionQuery())
    by_slug = {
        facet: {_slug(labels, facet, value): count for value, count in counter.items()}
        for facet, counter in counts.items()
    }
    return found, by_slug


def _values(term: str) -> list[tuple[str, str]]:
    """The facet values that a term of a document stands for."""
    facet, held = term.split(":", 1)
    return [(facet, value) for value in names.current(frozenset()).values(facet, [held])]


def _slug(labels, facet: str, value: str) -> str:
    known = labels[facet].get(value)
    return f"{facet}:{known.slug if known else value}"
