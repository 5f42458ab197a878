"""A folder of their own for the tests, before Django reads its settings (loaded by pytest's ``-p``)."""

import atexit
import os
import shutil
import sys
import tempfile

from tests.scratch import in_memory

# Where Python is told to keep no compiled files, each process of the tests would compile all modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
in_memory()
_folder = tempfile.mkdtemp(prefix="imr-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["IMR_VAR_DIR"] = _folder
for name in ("IMR_DEBUG", "IMR_HTTPS", "IMR_ALLOWED_HOSTS", "IMR_SECRET_KEY", "IMR_LOG_LEVEL"):
    os.environ.pop(name, None)
# Only tests/with_postgresql.py names another database than SQLite; a developer's own DATABASE_URL is left alone.
os.environ.pop("DATABASE_URL", None)
# A process that works in the background would not see what a test writes; tests do its work themselves.
os.environ["IMR_BACKGROUND"] = "off"
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
