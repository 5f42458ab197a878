# Two commands do everything on a fresh machine: `make run` and `make test`. Both need Python 3.11 or later, nothing else.

PYTHON ?= python3
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 8000
WORKERS ?= 2

BIN    := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
# Settings of a public site, for the checks.
PRODUCTION := IMR_HTTPS=on IMR_ALLOWED_HOSTS=imr.example.org IMR_VAR_DIR="$(CURDIR)/.cache/check"

.DEFAULT_GOAL := help
.PHONY: help run serve dev ingest curator install install-dev test check bench screenshots clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: install ## everything for a first look: database, sample letters, index, site on 127.0.0.1:8000
	@$(MANAGE) prepare --samples
	@$(MAKE) --no-print-directory site

serve: install ## the same without the sample letters
	@$(MANAGE) prepare
	@$(MAKE) --no-print-directory site

.PHONY: site
site:
	@echo
	@echo "  The archive is at     http://$(HOST):$(PORT)/     (Ctrl-C stops it)"
	@echo "  Curation is at        http://$(HOST):$(PORT)/admin/"
	@echo "  A curator's account:  make curator"
	@echo "  More letters:         make ingest FROM=path/to/letters   (while the site runs)"
	@echo
	@exec $(BIN)/gunicorn imr_archive.wsgi --bind $(HOST):$(PORT) --worker-class gthread --workers $(WORKERS) \
	  --threads 4 --max-requests 20000 --max-requests-jitter 2000 --no-control-socket --log-level warning

dev: install ## the site with reloading and full error pages
	@$(MANAGE) prepare --samples
	@IMR_DEBUG=on $(MANAGE) runserver $(HOST):$(PORT)

ingest: install ## take letters in: make ingest FROM=path (files, folders, archives)
	@test -n "$(FROM)" || { echo "Say where the letters are: make ingest FROM=path/to/letters"; exit 2; }
	@$(MANAGE) migrate --verbosity 0
	@if [ -e "$(FROM)" ]; then $(MANAGE) ingest "$(FROM)"; else $(MANAGE) ingest $(FROM); fi

curator: install ## make an account for the admin: make curator [NAME=ann] [ROLE=editor] (the first is an administrator)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcurator $(NAME) $(if $(ROLE),--role "$(ROLE)")

# ---- environment ----------------------------------------------------------------------------------------------------

install: $(VENV)/installed
install-dev: $(VENV)/installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0])'
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the archive runs on …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# ---- quality --------------------------------------------------------------------------------------------------------

test: install-dev check ## all tests: on SQLite, again on a real PostgreSQL, and in a real Chromium
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal
	$(BIN)/python -m tests.with_postgresql $(BIN)/python -m pytest --numprocesses auto --dist worksteal \
		-m "(not browser or every_database) and not any_database" --ignore tests/letters --ignore tests/asking

check: install-dev ## lint, format, types, migrations, deployment settings, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@mkdir -p .cache/check
	$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -q tests/test_architecture.py

bench: install-dev ## measure reading, ingesting and ranking (bench/RESULTS.md)
	$(BIN)/python -m bench.parsing
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.relevance

screenshots: install-dev ## pictures of the pages for the README
	$(BIN)/python -m tests.browser.screenshots

clean: ## take the environment and all made files away, but not var/ (the database)
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
