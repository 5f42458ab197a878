"""Names between database and files: what curators made goes out, comes in again, and is the same in a new archive."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from determinations import search, vocabulary
from determinations.curation import naming, rules
from determinations.curation.vocabulary_files import FILES
from determinations.curation.working import work
from determinations.ingest import ingest_paths
from determinations.models import (
    Case,
    CategoryRule,
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    LetterSource,
    NameChange,
    OldAddress,
    Reviewer,
    Specialty,
    TreatmentCategory,
)
from tests.conftest import SAMPLES
from tests.test_naming import PLANS, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """The shipped files, to be written over."""
    for name in FILES:
        shutil.copy(vocabulary.FOLDER / f"{name}.toml", tmp_path)
    return tmp_path


@pytest.fixture
def shipped(folder, monkeypatch):
    """Ship the files of the folder from now on, as a release that has them would."""

    def ship():
        for path in vocabulary.FOLDER.glob("*.toml"):
            if not (folder / path.name).exists():
                shutil.copy(path, folder)
        monkeypatch.setattr(vocabulary, "FOLDER", folder)
        _forget()

    yield ship
    monkeypatch.undo()
    _forget()


def _forget():
    for function in vars(vocabulary).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def run(capsys, *arguments):
    """What a command prints."""
    call_command("vocabulary", *map(str, arguments))
    return capsys.readouterr().out


def alike(folder):
    try:
        call_command("vocabulary", "diff", "--folder", folder)
    except CommandError:
        return False
    return True


def nothing_left():
    """An archive without letters and names, as a new one is."""
    for model in (LetterSource, Case, Reviewer, CredentialWording, GuidelineWording, CategoryRule, NameChange):
        model.objects.all().delete()
    OldAddress.objects.all().delete()
    TreatmentCategory.everything.update(joined_to=None, name=F("slug"))
    TreatmentCategory.objects.exclude(parent=None).delete()
    for model in (TreatmentCategory, Specialty, Guideline, DrugWording, Drug):
        model.objects.all().delete()


def shown(state):
    """What an archive says, without ids: names with their counts."""
    labels = state["labels"]
    by_name = {
        facet: sorted(
            (labels[named][value].slug, labels[named][value].name, count)
            for value, count in state["counts"][facet].items()
            if value in labels[named]
        )
        for facet, named in (
            ("board", "specialty"), ("subspecialty", "specialty"), ("guideline", "guideline"),
            ("administrator", "guideline"), ("treatment", "treatment"), ("drug", "drug"),
        )
    }  # fmt: skip
    names = {facet: sorted((one.slug, one.name) for one in labels[facet].values()) for facet in labels}
    wordings = [(text, name) for text, name, _ in state["wordings"]]
    flags = sorted(state["counts"]["flag"].items())
    return by_name, names, wordings, flags, state["addresses"], state["parents"]


def test_files_and_a_new_database_are_alike(sampled, folder, capsys):
    before = {name: (folder / f"{name}.toml").read_bytes() for name in FILES}
    assert "alike" in run(capsys, "diff", "--folder", folder)
    assert "0 change(s)" in run(capsys, "export", "--folder", folder)
    assert {name: (folder / f"{name}.toml").read_bytes() for name in FILES} == before


@pytest.mark.any_database  # test_naming.py makes every plan on each of them, the test of rules writes files
@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_a_change_goes_out_and_a_new_archive_begins_with_it(make, sampled, folder, shipped, capsys):
    plan = make()
    plan.carry_out(by="mary")
    search.index_pending()
    before = shown(said())
    unassigned = plan.action == "assign" and list(plan.after["wordings"].values()) == [None]
    assert alike(folder) is unassigned
    call_command("vocabulary", "export", "--folder", folder)
    assert alike(folder)
    for name in FILES:
        old = (vocabulary.FOLDER / f"{name}.toml").read_text()
        new = (folder / f"{name}.toml").read_text()
        comments = [line for line in old.splitlines() if line.startswith("#")]
        assert [line for line in new.splitlines() if line.startswith("#")] == comments
    if unassigned:
        return  # that a wording stands for nothing is the database's alone
    nothing_left()
    shipped()
    ingest_paths([SAMPLES], jobs=1)
    search.rebuild()
    assert shown(said()) == before
    assert alike(folder)


@pytest.mark.any_database
@pytest.mark.parametrize("make", PLANS.values(), ids=PLANS)
def test_a_change_that_was_undone_comes_in_again(make, sampled, folder, capsys):
    plan = make()
    change = plan.carry_out(by="mary").change
    search.index_pending()
    before = shown(said())
    call_command("vocabulary", "export", "--folder", folder)
    naming.undo(change).carry_out(by="mary")
    search.index_pending()
    without = said()
    capsys.readouterr()
    dry = run(capsys, "import", "--folder", folder, "--dry-run")
    assert said() == without, "a dry run changes nothing"
    printed = run(capsys, "import", "--folder", folder, "--by", "john")
    assert printed.splitlines()[:-1] == dry.splitlines()[:-1]
    search.index_pending()
    if plan.action == "assign" and list(plan.after["wordings"].values()) == [None]:
        return
    assert shown(said()) == before
    assert NameChange.objects.latest("id").made_by == "john"
    assert "0 change(s) made" in run(capsys, "import", "--folder", folder)


def test_rules_go_out_and_come_in(sampled, folder, shipped, capsys):
    category = TreatmentCategory.objects.get(slug="home-health")
    rules.make("therapy", category, why="They are.", by="mary")
    work()
    before = shown(said())
    call_command("vocabulary", "export", "--folder", folder)
    assert '[[heading]]\npattern = "therapy"' in (folder / "treatments.toml").read_text()
    rules.retire(CategoryRule.objects.get(), by="mary")
    work()
    assert "rule therapy → Home Health" in run(capsys, "import", "--folder", folder)
    work()
    assert shown(said()) == before
    nothing_left()
    shipped()
    ingest_paths([SAMPLES], jobs=1)
    search.rebuild()
    assert shown(said()) == before
    assert CategoryRule.objects.get().why == "They are."


def test_files_that_are_none_are_refused(sampled, folder, tmp_path):
    (folder / "guidelines.toml").write_text("[[guideline\n")
    for action in ("export", "diff", "import"):
        with pytest.raises(CommandError, match="could not be read") as error:
            call_command("vocabulary", action, "--folder", folder)
        assert error.value.returncode == 2
    with pytest.raises(CommandError, match="could not be read"):
        call_command("vocabulary", "diff", "--folder", tmp_path / "nowhere")
