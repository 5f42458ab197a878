"""The environment's values: typed, and refused by name when they cannot be one."""

import os
import re
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from imr_archive import settings
from tests.archives import Archive
from tests.conftest import ROOT

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "expected"), [("on", True), ("1", True), ("YES", True), ("off", False), ("0", False), ("", True)]
)
def test_bool(monkeypatch, text, expected):
    monkeypatch.setenv("IMR_X", text)
    assert settings.env_bool("IMR_X", True) is expected


@pytest.mark.parametrize(
    ("read", "bad"),
    [
        (lambda: settings.env_bool("IMR_X", False), "maybe"),
        (lambda: settings.env_int("IMR_X", 5, minimum=1), "0"),
        (lambda: settings.env_int("IMR_X", 5, minimum=1), "many"),
        (lambda: settings.env_choice("IMR_X", "INFO", ("INFO", "ERROR")), "LOUD"),
        (lambda: settings.env_database("IMR_X", ""), "mysql://somewhere/db"),
        (lambda: settings.env_database("IMR_X", ""), "nonsense"),
        (lambda: settings.env_database("IMR_X", ""), "postgres://user@host:port/db"),
    ],
)
def test_a_bad_value_is_refused_by_name(monkeypatch, read, bad):
    monkeypatch.setenv("IMR_X", bad)
    with pytest.raises(ImproperlyConfigured, match="IMR_X"):
        read()


def test_list(monkeypatch):
    monkeypatch.setenv("IMR_X", " a.example.org, ,b.example.org ")
    assert settings.env_list("IMR_X", "") == ["a.example.org", "b.example.org"]


def test_the_password_of_a_database_is_not_in_the_message(monkeypatch):
    monkeypatch.setenv("IMR_X", "mysql://user:hunter2@host/db")
    with pytest.raises(ImproperlyConfigured) as caught:
        settings.env_database("IMR_X", "")
    assert "hunter2" not in str(caught.value)


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path):
    path = tmp_path / "secret_key"
    first = settings.kept_secret(path)
    assert len(first) >= 64
    assert settings.kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _manage(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "IMR_VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bad_setting_stops_the_program_with_its_name(tmp_path):
    done = _manage(tmp_path, "check", IMR_DEBUG="perhaps")
    assert done.returncode != 0
    assert "IMR_DEBUG='perhaps'" in done.stderr


def test_deployment_check_is_clean_in_production(tmp_path):
    done = _manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING", IMR_HTTPS="on", IMR_ALLOWED_HOSTS="imr.example.org"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["var", "a b", "a#b", "q?x=1", "p%41", "ü:é"])
def test_debug_is_off_and_the_database_is_sqlite_in_the_var_folder_unless_said_otherwise(tmp_path, folder):
    code = "from django.conf import settings as s; print(s.DEBUG, s.DATABASES['default']['ENGINE'], end=' ');"
    code += "print(s.DATABASES['default']['NAME'])"
    var = tmp_path / folder
    said = Archive(var).run("shell", "-v0", "-c", code)  # without a variable of the archive's but IMR_VAR_DIR
    assert said.strip() == f"False django.db.backends.sqlite3 {var / 'archive.sqlite3'}"


def test_no_secret_in_the_repository():
    pattern = re.compile(r"SECRET_KEY\s*=\s*[\"'][^\"']{12,}|BEGIN (RSA|EC|OPENSSH) PRIVATE KEY")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    for name in files:
        if name.endswith((".py", ".toml", ".md", ".txt", "Makefile", ".sh")) and (ROOT / name).is_file():
            assert not pattern.search((ROOT / name).read_text(encoding="utf-8", errors="replace")), name
