"""Letters with made-up names in every part, and where those names could be read: all addresses, files and rows."""

import re
from pathlib import Path
from xml.etree import ElementTree

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from determinations.models import Case, Withholding
from determinations.models import Redaction as RedactionRecord
from determinations.search import generations
from determinations.search.schema import ALL_TEXT, FACET, PARTS, RUNS
from tests.conftest import SAMPLES

# The letter that is withheld has this word in every part of it; nobody is called so.
WITHHELD, WITHHELD_WORD = "CM16-0990003", "Ondrovexil"
# The name that is redacted in the other one.
REDACTED, NAME = "CM16-0990004", "Zebulonia Quarkenbush"
NAME_WORDS = NAME.split()


def with_word(number: str, word: str) -> str:
    """A sample letter with ``word`` in summary, heading, guideline lines and reasons."""
    text = (SAMPLES / f"{number}.txt").read_text(encoding="utf-8")
    for place, there in (
        ("case file, including all medical records: \n", f"\n{word} was seen. "),
        ("Decision rationale: ", f"The file of {word} was read. "),
        ("Non-MTUS Citation ", f"{word} Handbook. Decision based on Non-MTUS Citation "),
        ("Certification(s)/Specialty: ", f"{word} Medicine, "),
    ):
        text = text.replace(place, place + there)
    return text.replace(":  \n\nOverturned", f" for {word}:  \n\nOverturned")


def named_letter() -> str:
    """A sample letter with the name as letters bring it: in capitals, over line ends, cut by a hyphen."""
    text = with_word(REDACTED, NAME)
    return text.replace(
        "Decision rationale: ", "Decision rationale: Mr. ZEBULONIA\n\nQuar-\nkenbush’s therapist wrote. "
    )


def write(folder: Path, others: int) -> Path:
    """The letters of the test: two samples with names, an earlier version of one of these, and some ``others``.

    The others are taken evenly from all samples: the first and the last, of every form and of every year.
    """
    folder.mkdir()
    samples = sorted(path for path in SAMPLES.glob("*.txt") if path.stem not in (WITHHELD, REDACTED))
    for place in range(others):
        path = samples[place * (len(samples) - 1) // (others - 1)]
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / f"{WITHHELD}.txt").write_text(with_word(WITHHELD, WITHHELD_WORD), encoding="utf-8")
    named = named_letter()
    (folder / f"{REDACTED}_Quarkenbush.txt").write_text(named, encoding="utf-8")
    day = re.search(r"Decision Date: (\S+)", named)[1]
    earlier = named.replace(f"Decision Date: {day}", "Decision Date: 01/05/2016").replace("UR Denial", "\n\nUR Denial")
    (folder / f"{REDACTED}-first.txt").write_text(earlier, encoding="utf-8")
    return folder


# ---- addresses ------------------------------------------------------------------------------------------------------


def routes(patterns=None, before="") -> dict[str, URLPattern]:
    """Every public route of the site, by its pattern."""
    found = {}
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                found |= routes(one.url_patterns, here)
        elif not here.startswith("admin/"):
            found[here] = one
    return found


def addresses(client) -> dict[str, list[str]]:
    """Route -> the addresses that are walked of it: each letter, decision and value in use, searches of each kind."""
    cases = list(Case.objects.order_by("id").prefetch_related("items", "sources"))
    items = [(case.slug, item.position) for case in cases for item in case.items.all()]
    searches = [
        "",
        "?outcome=overturned",
        "?q=therapy",
        "?sort=oldest",
        "?sort=longest&per=50",
        "?specialty=pain-medicine",
    ]
    searches += [f"?q={case.number}" for case in cases if case.number][:5]
    values = {kind: _values(client, f"/{kind}/") for kind in WAYS}
    facets = client.get("/api/v1/facets").json()["facets"]
    words = [word[:length].lower() for word in (WITHHELD_WORD, *NAME_WORDS) for length in (4, 7)]
    parts = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {
        "": ["/"],
        "decisions/": [f"/decisions/{one}" for one in [*searches, "?page=2&per=50", "?page=3&per=50"]],
        "decisions/facets/<slug:name>/": [f"/decisions/facets/{one['name']}/" for one in facets],
        "search-help/": ["/search-help/"],
        "suggest/": [f"/suggest/?q={one}" for one in [*words, "cm16", "cm16-09900", "pain", "ondr", "zeb"]],
        "cases/<slug:slug>/": [
            *(f"/cases/{case.slug}/" for case in cases),
            *(f"/cases/{case.slug}/?q=therapy&at=3" for case in cases[:10]),
            f"/cases/{REDACTED.lower()}/?q=therapist&at=1",
        ],
        "cases/<slug:slug>/items/<int:position>/similar/": [f"/cases/{s}/items/{n}/similar/" for s, n in items],
        "compare/": [f"/compare/?item={s}/{n}&item={REDACTED.lower()}/1" for s, n in items],
        "cases/<slug:slug>/source/": _sources(cases, "source/"),
        "cases/<slug:slug>/source.txt": _sources(cases, "source.txt"),
        "cases/<slug:slug>/report/": [f"/cases/{s}/report/?item={n}" for s, n in items],
        "cases/<slug:slug>/report/thanks/": [f"/cases/{case.slug}/report/thanks/" for case in cases],
        "about/": ["/about/"],
        "about/removals/": ["/about/removals/"],
        "about/removals/request/": ["/about/removals/request/"],
        "about/removals/request/thanks/": ["/about/removals/request/thanks/"],
        "healthz": ["/healthz"],
        **{f"{kind}/": [f"/{kind}/", f"/{kind}/?sort=name"] for kind in WAYS},
        **{f"{kind}/<path:slug>/": found for kind, found in values.items()},
        "cases/": ["/cases/"],
        r"^decisions\.(?P<suffix>csv|jsonl?)$": [
            f"/decisions.{suffix}{one}" for suffix in ("csv", "json", "jsonl") for one in searches[:3]
        ],
        "decisions.atom": [f"/decisions.atom{one}" for one in searches[:3]],
        "api/": ["/api/"],
        "api/v1/openapi.json": ["/api/v1/openapi.json"],
        "api/v1/": ["/api/v1/"],
        "api/v1/decisions": [f"/api/v1/decisions?{one}" for one in ("limit=100", "sort=oldest", "q=therapist")],
        "api/v1/decisions/<slug:case>/<int:item>": [f"/api/v1/decisions/{s}/{n}" for s, n in items],
        "api/v1/cases": ["/api/v1/cases?limit=100", "/api/v1/cases?limit=100&q=pain"],
        "api/v1/cases/<slug:case>": [f"/api/v1/cases/{case.slug}" for case in cases],
        "api/v1/facets": ["/api/v1/facets"],
        "api/v1/vocabularies": ["/api/v1/vocabularies"],
        "api/v1/vocabularies/<slug:name>": [
            one["url"].removeprefix("http://testserver")
            for one in client.get("/api/v1/vocabularies").json()["vocabularies"]
        ],
        "robots.txt": ["/robots.txt"],
        "opensearch.xml": ["/opensearch.xml"],
        "sitemap.xml": ["/sitemap.xml"],
        "sitemaps/<section>.xml": [
            one.text.removeprefix("http://testserver") for one in parts.iter() if (one.text or "").strip()
        ],
    }  # fmt: skip


WAYS = ("specialties", "treatments", "drugs", "procedures", "guidelines")


def _values(client, page: str) -> list[str]:
    """The pages of all values that stand in a letter, and of one in twenty others: they differ in the name alone."""
    text = client.get(page).content.decode()
    links = {link for link in re.findall(r'href="([^"?#]+)', text) if link.startswith(page) and link != page}
    counted = {link for link in re.findall(r'<th scope="row"><a href="([^"?#]+)', text) if link in links}
    assert counted
    return sorted(counted) + sorted(links - counted)[::20]


def _sources(cases, name: str) -> list[str]:
    own = [f"/cases/{case.slug}/{name}" for case in cases]
    return own + [f"/cases/{case.slug}/{name}?version={one.version}" for case in cases for one in case.sources.all()]


def read(client, address: str) -> str:
    """All that an address answers: headers and body."""
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n" + body.decode("utf-8", "replace")


# ---- files and rows -------------------------------------------------------------------------------------------------


def files() -> dict[Path, bytes]:
    """Every file below var/ that is searched or served, with what is in it: the index and the static files.

    Not the database, which has the letters as they came.
    """
    roots = (Path(settings.SEARCH_INDEX_DIR), Path(settings.STATIC_ROOT))
    return {path: path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


def index_terms() -> set[str]:
    """Every term that the engine's files hold, also of decisions that are deleted; some are compressed there."""
    searcher = generations.open_index(generations.live().path, create=False).searcher()
    fields = (ALL_TEXT, *PARTS, RUNS, FACET, "case", "case_number")
    return {term for field in fields for term, _ in searcher.terms_with_prefix(field, "", limit=1_000_000)}


# What is kept for privacy officers.
_KEPT = {(RedactionRecord, "words"), (RedactionRecord, "originals")}


def rows_with(word: str) -> list[str]:
    """The rows whose text has a word, but those of withheld letters and what is kept for privacy officers."""
    found = []
    withheld = Withholding.objects.filter(lifted_at=None).values("case")
    for model in [*apps.get_app_config("determinations").get_models(), LogEntry]:
        texts = [
            one
            for one in model._meta.concrete_fields
            if isinstance(one, models.CharField | models.TextField | models.JSONField)
        ]
        rows = model._default_manager.all()
        names = {one.name for one in model._meta.concrete_fields}
        if model is Case:
            rows = rows.exclude(pk__in=withheld)
        elif "case" in names:
            rows = rows.exclude(case__in=withheld)
        elif "item" in names and model._meta.model_name == "guidelinecitation":
            rows = rows.exclude(item__case__in=withheld)
        for row in rows:
            found += [
                f"{model.__name__} {row.pk}.{one.name}"
                for one in texts
                if (model, one.name) not in _KEPT and word.lower() in str(one.value_from_object(row)).lower()
            ]
    return found
