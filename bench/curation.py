"""Measures changes of a hundred thousand decisions: of names, and a bulk decision in the queue, and undoing them.

    python -m bench.curation --database /tmp/copy.sqlite3 --folder /tmp/copy --questions 100000

The archive is a copy of one of bench/million with its index; it is changed. Questions are added until so many are open.
Each change is made as its page makes it and done by ``manage.py run_jobs`` in its own process, while a client asks the
web server as it is shipped for pages and a curator's lists, with a pause of a fifth of a second between two.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import archive
from bench.ingest import ROOT, _memory

CODE = "uncategorised"
_PAGES = ("/decisions/?q=knee", "/", "/admin/queue/", f"/admin/queue/{CODE}/")
_PAUSE = 0.2


def _session() -> str:
    """A session of an account that may do everything."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    told = {"is_staff": True, "is_superuser": True}
    user, _ = get_user_model().objects.get_or_create(username="bench", defaults=told)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


class Watch:
    """What waits is done by a process of its own, while pages are asked for."""

    def __init__(self, given: dict[str, str], site: archive.Site, session: str) -> None:
        self._given, self._site, self._session = given, site, session

    def __call__(self, until: str = "") -> str:
        """Do all that waits, or until the last job of that name is done; what it took, in a sentence."""
        from determinations.models import Job

        times: list[float] = []
        own = spent = 0.0
        failed, started = 0, time.monotonic()
        with subprocess.Popen([sys.executable, "manage.py", "run_jobs"], cwd=ROOT, env=self._given) as process:
            while process.poll() is None:
                for page in _PAGES:
                    milliseconds, status = self._ask(page)
                    times.append(milliseconds)
                    failed += status != 200
                pids = archive.family(process.pid)
                own = max(own, sum(_memory(pid)["RssAnon"] for pid in pids))
                spent = max(spent, archive.processor_time(pids) / 1000)
                if until and Job.objects.filter(name=until).order_by("-id")[0].state == "done":
                    process.terminate()
                    break
                time.sleep(_PAUSE)
        seconds = time.monotonic() - started
        return (
            f"{seconds:.1f} s ({spent:.1f} s of a processor), {own:.0f} MB; {len(times)} pages meanwhile, "
            f"median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms, {failed} failed"
        )

    def _ask(self, page: str) -> tuple[float, int]:
        asked = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self._site.port, timeout=120)
        connection.request("GET", page, headers={"Cookie": f"sessionid={self._session}"})
        response = connection.getresponse()
        response.read()
        connection.close()
        return (time.monotonic() - asked) * 1000, response.status


def timed(what: Callable[[], Any]) -> tuple[Any, float]:
    """What it returns, and its seconds."""
    started = time.monotonic()
    return what(), time.monotonic() - started


def _counted(names: str) -> list[tuple[str, int]]:
    """The names with most decisions, with how many; of treatments those without sub-categories."""
    from determinations import search
    from determinations.models import TreatmentCategory

    above = set(map(str, TreatmentCategory.objects.values_list("parent", flat=True))) if names == "treatment" else set()
    counts = search.facets(search.DecisionQuery())[names].most_common(30)
    return [one for one in counts if one[0].isdecimal() and one[0] not in above]


def change(what: str, plan: Any, names: str, before: list[tuple[str, int]], watch: Watch) -> Any:
    """Carry a plan out, say what it took, and return the change."""
    from determinations.models import Job

    preview, looked = timed(plan.preview)
    last = Job.objects.values_list("pk", flat=True).first() or 0
    done, saved = timed(functools.partial(plan.carry_out, by="bench"))
    after, found = timed(functools.partial(_counted, names))
    print(f"  {what}: {preview.letters:,} letters, preview {looked:.2f} s, saved {saved:.2f} s")
    print(f"  {found:.2f} s later the facet counts {after[0]}, as before: {after == before}")
    if done.followed.job or done.job:
        print(f"  what follows: {watch()}")
        rows = Job.objects.filter(pk__gt=last).order_by("pk")
        print(f"  {[f'{job.name}: {job.done:,} of {job.total:,}, {job.state}' for job in rows]}")
    return done.change


def join(names: str, watch: Watch) -> None:
    """Join the two names of most decisions (of treatments, without sub-categories), and undo it."""
    from determinations.curation import naming
    from determinations.names import MODELS

    before = _counted(names)
    (first, decisions), (second, others) = before[:2]
    print(f"{names}: {decisions:,} and {others:,} decisions")
    one, other = (MODELS[names].objects.get(pk=pk) for pk in (first, second))
    joined = change("joined", naming.join(one, other), names, before, watch)
    change("undone", naming.undo(joined), names, before, watch)


def part(watch: Watch) -> None:
    """Part the most frequent wording from its guideline, undo it, and name it for the first time."""
    from django.db.models import Count

    from determinations.curation import naming
    from determinations.models import GuidelineCitation, GuidelineWording

    cited = GuidelineCitation.objects.exclude(wording__guideline=None).order_by().values("wording")
    first = cited.annotate(places=Count("pk")).order_by("-places")[0]
    wording = GuidelineWording.objects.get(pk=first["wording"])
    print(f"the wording “{wording}” with {first['places']:,} citations")
    before = _counted("guideline")
    others = wording.guideline.wordings.filter(pk=wording.pk)
    parted = change("parted", naming.split(wording.guideline, others, "A Part"), "guideline", before, watch)
    change("undone", naming.undo(parted), "guideline", before, watch)
    left = change("left without a name", naming.assign(wording, None), "guideline", before, watch)
    change("named again", naming.undo(left), "guideline", before, watch)


def ask(number: int) -> int:
    """Add questions of the kind CODE about letters, the oldest first, until so many are open; how many are."""
    from determinations.models import LetterSource, ParseIssue

    there = ParseIssue.objects.filter(code=CODE, status="open").count()
    sources = LetterSource.objects.filter(status="current").order_by("pk").values_list("pk", "case_id")
    rows = [
        ParseIssue(case_id=case, source_id=pk, code=CODE, message="Made to be measured.", start=0, end=40)
        for pk, case in sources[: max(0, number - there)].iterator()
    ]
    ParseIssue.objects.bulk_create(rows, batch_size=5_000)
    return there + len(rows)


def decide(watch: Watch) -> None:
    """Decide on all open questions of CODE, and undo it."""
    from determinations.curation.queue import many
    from determinations.curation.queue.deciding import ACTIONS
    from determinations.curation.queue.kinds import KINDS
    from determinations.curation.queue.lists import Wanted

    asked, action = Wanted(KINDS[CODE], "bench", withheld=True), ACTIONS["dismiss"]
    preview, seconds = timed(lambda: many.preview(asked, action))
    print(f"preview of {preview.rows:,}: {seconds:.2f} s, {len(preview.stamp):,} characters in its form")
    whole, seconds = timed(lambda: many.decide_many(asked, action, stamp=preview.stamp))
    print(f"  confirmed in {seconds:.2f} s; decided: {watch(until='decide')}")
    _, seconds = timed(lambda: many.undo_many(whole, by="bench"))
    print(f"  undo asked for in {seconds:.2f} s; undone: {watch(until='undo')}")
    print(f"  all letters follow: {watch()}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100_000, help="none: names alone")
    options = parser.parse_args()
    given = archive.environment(options.database, options.folder) | {"IMR_BACKGROUND": "off"}
    archive.Archive(given)
    from determinations.names import MODELS

    session = _session()
    with archive.site(given) as site:
        watch = Watch(given, site, session)
        for names in MODELS:
            join(names, watch)
        part(watch)
        if options.questions:
            print(f"{ask(options.questions):,} questions are open")
            decide(watch)


if __name__ == "__main__":
    main()
