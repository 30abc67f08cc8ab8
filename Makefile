# The two commands: `make run` and `make test`. `make help` lists the steps they are made of.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The first Python that is new enough. `make run PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
PYTEST := $(BIN)/pytest -q -n 2 --dist loadgroup
STEPS := lint types contracts templates unit unit-postgresql journeys

.PHONY: help run test $(STEPS) packages bench endure screenshots docs requirements format

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-24s %s\n", $$1, $$2}'

run: .venv/run.stamp ## Serve on http://127.0.0.1:8000 with a demonstration (PORT=8001 make run: on another port)
	@exec $(BIN)/flask --app wsgi serve

test: packages ## Run every check and every test, on SQLite, on PostgreSQL and in a browser
	@$(MAKE) .venv/test.stamp
	@failed=""; for step in $(STEPS); do \
		echo "== $$step"; $(MAKE) $$step || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then echo "make test: failed in$$failed"; exit 1; fi

lint: .venv/test.stamp ## Check style and format (ruff)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --diff .

types: .venv/test.stamp ## Check types (mypy, strict)
	@$(BIN)/mypy --no-error-summary .

contracts: .venv/test.stamp ## Check the order of imports (import-linter)
	@out=$$($(BIN)/lint-imports --no-cache --no-logo 2>&1) || { echo "$$out" | sed -n '/^Contracts:/,$$p;/rror/p'; exit 1; }

templates: .venv/test.stamp ## Check the page templates (djlint)
	@out=$$($(BIN)/djlint --lint --quiet audit_app/templates 2>&1) || { echo "$$out"; exit 1; }

unit: .venv/test.stamp ## Run the tests on SQLite, without the journeys
	@$(PYTEST) -m "not journey"

unit-postgresql: .venv/test.stamp ## Run the same tests on a PostgreSQL started for them, and three journeys
	@TEST_DATABASE=postgresql $(PYTEST) -m "not journey or on_both"

journeys: .venv/test.stamp ## Walk the service in a real browser, checking accessibility on each page
	@$(PYTEST) -m journey

bench: .venv/test.stamp ## Measure the service under load (docs/performance.md; BENCH=--help lists what can be chosen)
	@$(BIN)/python -m benchmarks $(BENCH)

endure: .venv/test.stamp ## Type while the server is killed 200 times on each database (ENDURE="--kills 20": fewer)
	@$(BIN)/python -m benchmarks.endure $(ENDURE)

screenshots: .venv/test.stamp ## Take pictures of the main pages for the README, wide and narrow
	@$(BIN)/python -m tests.journeys.screenshots

format: .venv/test.stamp ## Put the code into the house's format
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

docs: .venv/test.stamp ## Write the documents that are generated from the code
	@$(BIN)/python -m tests.whole_app.documents

requirements: .venv/test.stamp ## Compile requirements*.in into exact pins with hashes
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --output-file $$name.txt $$name.in; \
	done

packages: # The Debian packages that the tests need
	@tests/system-packages

.venv/run.stamp: requirements.txt
	@$(call make_venv)
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt requirements.txt
	@$(call make_venv)
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/run.stamp

define make_venv
if [ -z "$(PYTHON)" ]; then \
	found=$$(python3 --version 2>/dev/null) || found="no Python"; \
	echo "This needs Python 3.11 or newer, and there is $$found here." >&2; exit 1; fi; \
if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing here. Run: apt-get install python3-venv" >&2; exit 1; }; \
	echo "Making .venv and installing what the service needs (about a minute, once)"; \
	$(PYTHON) -m venv --clear .venv; fi
endef
