"""Ingesting with real processes on a real database: killed anywhere, two at once, and while the site reads."""

import os
import random
import re
import signal
import time

import pytest

from bench import corpus
from tests.archives import archive, copy

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

LETTERS = 600  # two transactions
KILLS = 5


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("letters")
    corpus.write(folder, LETTERS, seed=7)
    # An amended letter and a file that is none, so that every outcome occurs.
    first = sorted(folder.rglob("*.txt"))[10]
    (folder / "zz-amended.txt").write_text(first.read_text().replace("Upheld", "Overturned"))
    (folder / "zz-empty.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def undisturbed(letters, tmp_path_factory, django_db_setup, django_db_blocker):
    """All that an archive holds after an ingest that nothing happened to, its seconds, and the archive."""
    with django_db_blocker.unblock(), archive(tmp_path_factory.mktemp("undisturbed")) as whole:
        started = time.monotonic()
        whole.run("ingest", str(letters))
        seconds = time.monotonic() - started
        yield whole.dump(), seconds, whole


def kill(process) -> bool:
    """SIGKILL the whole process group; whether it was still at work."""
    at_work = process.poll() is None
    if at_work:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return at_work


def test_killed_anywhere_and_run_again_the_archive_is_the_same(letters, undisturbed, tmp_path, capsys):
    expected, seconds, _ = undisturbed
    chance = random.Random(11)
    with archive(tmp_path / "killed") as disturbed:
        killed = 0
        # The early ones first: each goes on where the last one was killed, and one that ends leaves nothing to kill.
        for share in sorted(chance.uniform(0.1, 0.6) for _ in range(KILLS)):
            process = disturbed.start("ingest", str(letters))
            time.sleep(share * seconds)
            killed += kill(process)
        assert killed >= 2, "the test must hit runs that are at work"
        disturbed.run("ingest", str(letters))
        result = disturbed.dump()
        assert result["cases"] == expected["cases"]
        assert result == expected
        with capsys.disabled():
            print(f" [{killed} of {KILLS} runs killed at work, {LETTERS} letters] ", end="")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_stopped_politely_it_says_so_and_goes_on_next_time(ending, letters, undisturbed, tmp_path):
    expected, seconds, _ = undisturbed
    for share in (0.5, 0.35, 0.2, 0.1):  # of the time that a whole run took, when the machine may have been busier
        with archive(tmp_path / f"stopped-{share}") as stopped:
            process = stopped.start("ingest", "--jobs", "2", str(letters))
            time.sleep(share * seconds)
            process.send_signal(ending)
            printed, _ = process.communicate(timeout=30)
            if process.returncode == 0:
                continue  # it was done before it was told to stop
            assert process.returncode == 130, printed
            assert "Stopped." in printed
            assert "Traceback" not in printed
            stopped.run("ingest", str(letters))
            assert stopped.dump() == expected
            return
    pytest.fail("no run was stopped at work")


@pytest.mark.any_database
def test_no_reading_process_outlives_an_ingest_that_was_killed(letters, undisturbed, tmp_path):
    _, seconds, _ = undisturbed
    with archive(tmp_path / "orphans") as killed:
        process = killed.start("ingest", "--jobs", "2", str(letters))
        time.sleep(0.5 * seconds)
        process.kill()  # it alone, not its group
        # The output's other end stays open as long as any process has it.
        process.communicate(timeout=30)


def test_killed_while_indexing_the_next_start_completes_the_index(undisturbed, tmp_path):
    expected, _, whole = undisturbed
    with copy(whole, tmp_path / "indexing") as disturbed:
        for moment in (0.3, 0.6, 0.9):
            process = disturbed.start("rebuild_index")
            time.sleep(moment)
            kill(process)
            assert disturbed.dump()["indexed"] == expected["indexed"], "the live index serves all the while"
        disturbed.run("sync_index")
        assert disturbed.dump() == expected


def test_two_ingests_at_once_lose_and_double_nothing(letters, undisturbed, tmp_path):
    expected, _, _ = undisturbed
    with archive(tmp_path / "two") as shared:
        first, second = shared.start("ingest", str(letters)), shared.start("ingest", str(letters))
        outputs = [process.communicate()[0] for process in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0], outputs
        assert sum("Another ingest is at work" in output for output in outputs) == 1
        created = sum(int(re.search(r"([\d,]+) created", output)[1].replace(",", "")) for output in outputs)
        assert created == LETTERS
        assert shared.dump() == expected


def test_new_letters_appear_in_a_running_site_without_a_restart(letters, tmp_path):
    from tests.servers import site

    with archive(tmp_path / "site") as running:
        running.run("prepare")
        with site(running) as server:
            assert "The archive is empty" in server.get("/")
            running.run("ingest", str(next(letters.rglob("CM*.txt"))))
            assert ">in 1 letter<" in server.get("/decisions/")


_INTERRUPTED = """
from determinations import ingest
from determinations.models import Case, GuidelineWording

ingest._LETTERS_A_BATCH = 20
gone = 0

def take_away(_letters):
    global gone
    if not gone:
        gone = Case.objects.count()
        Case.objects.all().delete()
        GuidelineWording.objects.all().delete()

ingest.ingest_paths(["samples"], jobs=1, progress=take_away)
print(gone, Case.objects.count())
"""


def test_names_that_go_between_two_batches_do_not_stop_an_ingest(tmp_path):
    """As where somebody redacts words, or joins two names, while letters come in."""
    from tests.conftest import SAMPLES

    with archive(tmp_path / "interrupted") as disturbed:
        said = disturbed.run("shell", "--verbosity", "0", "--command", _INTERRUPTED.replace("samples", str(SAMPLES)))
        gone, left = map(int, said.split()[-2:])
        assert gone == 20
        assert gone + left == len(list(SAMPLES.glob("*.txt")))
        assert "agree" in disturbed.run("check_index")
