# Everything a person types. Every target works on a fresh clone, and is quick the second time.
PYTHON ?= python3
PY := .venv/bin/python
# Settings of a server, for commands that only read the code. The values are no secrets and open nothing.
AS_SERVER := DATABASE_URL=postgresql://portal:none@127.0.0.1:1/portal REDIS_URL=redis://127.0.0.1:1/0 \
	ALLOWED_HOSTS=portal.invalid SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \
	FIELD_KEYS=check:0123456789abcdefghijklmnopqrstuvwxyz

.PHONY: help setup demo run migrate test test-database test-packages lint lint-api fmt check bench bench-import conformance lock
.DEFAULT_GOAL := help

help:
	@echo "make demo      the whole portal with demonstration data (PORT=8000)"
	@echo "make test      lint, import contracts and every test on real services"
	@echo "make run       the whole portal with your own data"
	@echo "make bench     the benchmarks, each against its bar"
	@echo "make bench-import  the benchmarks of the roster import alone"
	@echo "make conformance  schemathesis, spectral and redocly on the API"
	@echo "make setup, migrate, lint, fmt, check, lock"

setup: .venv/.ready

.venv/.ready: requirements.lock deploy/setup.py
	@$(PYTHON) deploy/setup.py requirements.lock
	@touch $@

.venv/.ready-dev: requirements-dev.lock .venv/.ready
	@$(PYTHON) deploy/setup.py requirements-dev.lock
	@touch $@

demo: .venv/.ready
	@exec $(PY) manage.py serve --demo

run: .venv/.ready
	@exec $(PY) manage.py serve

migrate: .venv/.ready
	@$(PY) manage.py migrate

# Two linters of the API's description need Node.js, which the portal does not: without it they are left to `make conformance`.
LINT_API := $(if $(shell command -v npx),lint-api)

# In folders of their own, so that a running demo is not touched. ARGS goes to pytest: make test ARGS=tests/core
test: .venv/.ready-dev
	@$(MAKE) --no-print-directory -j2 $(if $(ARGS),,test-database) test-packages lint check $(if $(ARGS),,$(LINT_API))
	@exec $(PY) deploy/run_tests.py $(ARGS)

test-database: .venv/.ready-dev
	@$(PY) deploy/run_tests.py --database

test-packages:
	@deploy/test-packages.sh

lint: .venv/.ready-dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
	@.venv/bin/mypy
	@$(AS_SERVER) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

fmt: .venv/.ready-dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

# As on a server: no warning may be left.
check: .venv/.ready
	@$(AS_SERVER) $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/.ready-dev
	@for script in bench/*.py; do echo "== $$script"; $(PY) $$script || failed="$$failed $$script"; done; \
	if [ -n "$$failed" ]; then echo "short of the bar:$$failed"; exit 1; fi; echo "every benchmark within its bar"

bench-import: .venv/.ready-dev
	@$(PY) bench/roster_import.py && $(PY) bench/browser_import.py

lint-api:
	@npx --yes @stoplight/spectral-cli@6.16.3 lint docs/openapi.json --fail-severity warn
	@npx --yes @redocly/cli@2.77.0 lint docs/openapi.json

# Every operation of the API under random calls; `make test` runs a part of them.
conformance: .venv/.ready-dev lint-api
	@.venv/bin/pytest tests/api/conformance.py
	@echo "the API conforms"

LOCK := $$(command -v uv || echo .venv/bin/uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)
lock:
	@$(LOCK) pyproject.toml --extra local -o requirements.lock
	@$(LOCK) pyproject.toml --extra local --extra dev -c requirements.lock -o requirements-dev.lock
	@echo uv | $(LOCK) - -o deploy/installer.lock
