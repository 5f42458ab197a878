"""The index under real processes: killed at any moment, on a full disk, damaged under a running site, swapped."""

import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from bench import corpus
from tests.archives import ROOT, archive
from tests.killable import forker
from tests.servers import site

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

LETTERS = 250
KILLS = 4  # at each of four moments


@pytest.fixture(scope="module")
def kept(tmp_path_factory, django_db_setup, django_db_blocker):
    """An archive that is indexed, the real site in front of it, and a program that writes its index."""
    letters = tmp_path_factory.mktemp("letters")
    corpus.write(letters, LETTERS, seed=3)
    with django_db_blocker.unblock(), archive(tmp_path_factory.mktemp("kept")) as made:
        made.run("ingest", "--jobs", "1", str(letters))
        made.run("prepare")
        with site(made) as server, forker(made) as writer:
            yield made, server, writer


def whole(server) -> bool:
    """Whether the site finds all letters."""
    status, page = server.visit("/decisions/")
    return status == 200 and f"in {LETTERS} letters" in page


def in_step(writer) -> bool:
    found = writer.run("check")["result"]
    return found["agrees"] and found["pending"] == 0


def generations(made) -> list:
    return [path for path in (made.folder / "index").iterdir() if path.is_dir()]


def case_page(server) -> str:
    """The address of a case page."""
    _, page = server.visit("/decisions/")
    return page.split('href="/cases/', 1)[1].split('"', 1)[0].split("#")[0].join(("/cases/", ""))


@pytest.mark.parametrize(
    ("task", "event", "latest"),
    [
        pytest.param("index", "", None, id="while indexing"),
        pytest.param("rebuild", "", None, id="while rebuilding"),
        pytest.param("swap", "committed", 0.03, id="before the swap"),
        pytest.param("swap", "swapped", 0.01, id="after the swap"),
    ],
)
def test_killed_at_any_moment_the_site_answers_and_the_next_sync_mends(task, event, latest, kept, capsys):
    made, server, writer = kept
    chance = random.Random(5)
    latest = latest or 0.8 * writer.run(task)["seconds"]
    killed = tries = 0
    while killed < KILLS and tries < 10 * KILLS:
        tries += 1
        if not writer.kill(task, after=chance.uniform(0, latest), event=event):
            continue  # it was done before
        killed += 1
        assert whole(server)
        assert "error" not in writer.run("sync")
        assert in_step(writer)
        assert whole(server)
        assert len(generations(made)) == 1, "what the killed one left is gone"
    with capsys.disabled():
        print(f" [{killed} of {tries} killed at work] ", end="")
    assert killed >= KILLS // 2, "the test must hit processes that are at work"


@pytest.mark.any_database  # what is held and swapped are files
def test_the_folder_of_a_rebuild_at_work_is_left_alone(kept):
    made, server, writer = kept
    with forker(made) as other:
        other.begin("rebuild")
        results = [writer.run("sync") for _ in range(3)]
        assert "error" not in other.end()
    assert not [result for result in results if "error" in result]
    assert in_step(writer)
    assert whole(server)


@pytest.mark.any_database
def test_a_reader_meets_no_error_while_indexes_are_swapped(kept):
    made, server, writer = kept
    stop = made.folder / "stop"
    with forker(made) as reader:
        reader.begin("read")
        for _ in range(8):
            assert "error" not in writer.run("rebuild")
            assert whole(server)
        stop.touch()
        read = reader.end()
    stop.unlink()
    assert "error" not in read
    assert read["result"]["times"] > 8
    [(decisions, letters, shown, outcomes)] = read["result"]["counted"]
    assert (letters, shown, outcomes) == (LETTERS, 5, decisions)


# ---- a full disk ------------------------------------------------------------------------------------------------

_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
os.execv(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]])
"""


def command(made, *arguments, limited=False) -> tuple[int, str]:
    if not limited:
        started = made.start(*arguments)
        printed, _ = started.communicate()
        return started.returncode, printed
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED, *arguments],
        cwd=ROOT,
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def says_that_the_disk_is_full(made, task, *, limited=False):
    code, printed = command(made, task, limited=limited)
    assert code == 1, printed
    assert "There is no room left on the disk that holds the search index." in printed
    assert "Traceback" not in printed


@pytest.mark.any_database
def test_where_files_may_grow_no_further_a_rebuild_ends_with_a_sentence(kept):
    made, server, writer = kept
    says_that_the_disk_is_full(made, "rebuild_index", limited=True)
    assert whole(server)
    assert len(generations(made)) == 1
    assert in_step(writer)


@contextmanager
def small_disk(folder, size: int):
    """A disk of ``size`` bytes mounted over a folder, with what the folder holds."""
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(copy)


@pytest.mark.any_database
def test_on_a_full_disk_the_live_index_serves_and_is_mended_when_there_is_room(kept):
    made, server, writer = kept
    index = made.folder / "index"
    with small_disk(index, 24_000_000):
        room = os.statvfs(index)
        (index / "filler").write_bytes(bytes(room.f_bavail * room.f_frsize - 100_000))
        says_that_the_disk_is_full(made, "rebuild_index")
        assert whole(server)
        assert "NoSpace" in writer.run("index")["error"]
        says_that_the_disk_is_full(made, "sync_index")
        assert whole(server)
        assert len(generations(made)) == 1
        (index / "filler").unlink()
        assert command(made, "sync_index")[0] == 0
        assert in_step(writer)
        assert whole(server)
    assert in_step(writer)


# ---- damage under a running site --------------------------------------------------------------------------------


def unavailable(server) -> bool:
    status, page = server.visit("/decisions/?q=knee")
    return status == 503 and "search index is being built or repaired" in page


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("kind", "at_once"), [("fast", True), ("idx", True), ("u32", True), ("term", False), ("pos", False)]
)
def test_a_file_cut_off_under_the_running_site_stops_search_and_nothing_else(kept, kind, at_once):
    """Visited at once, a server process may end with SIGBUS; its master starts another."""
    made, server, writer = kept
    letter = case_page(server)
    [folder] = generations(made)
    for path in folder.rglob(f"*.{kind}"):
        os.truncate(path, path.stat().st_size // 2)
    if at_once:
        server.visit("/decisions/?q=shoulder")
        for _ in range(100):
            if unavailable(server):
                break
            time.sleep(0.1)
    else:
        time.sleep(1.1)  # the sizes of files are looked at once a second
    assert unavailable(server)
    assert server.visit("/")[0] == 503
    assert server.visit("/about/")[0] == 200
    assert server.visit("/healthz")[0] == 503
    assert server.visit(letter)[0] == 200
    assert unavailable(server), "nothing is built by a visit"
    assert [path.name for path in generations(made)] == [folder.name]
    assert server.process.poll() is None
    code, printed = command(made, "sync_index")
    assert code == 0
    assert "is being built anew: it is damaged" in printed
    assert whole(server)
    assert in_step(writer)
