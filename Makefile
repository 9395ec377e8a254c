# `make help` lists what there is. Needs make and Python 3.11 with venv; the rest is installed here.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := help
.PHONY: help install install-dev run demo test check lock messages evaluate screenshots bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

install: ## Build .venv/ and start nothing
	@command -v $(PYTHON) >/dev/null || { echo "install │ no Python found: sudo apt install python3.11-venv" >&2; exit 1; }
	@$(PYTHON) tools/install.py

install-dev: ## Build .venv/ with what checks and tests need
	@command -v $(PYTHON) >/dev/null || { echo "install │ no Python found: sudo apt install python3.11-venv" >&2; exit 1; }
	@$(PYTHON) tools/install.py --dev

run: install ## Start everything at http://127.0.0.1:8000 (PORT=, HOST=)
	@$(BIN)/python -m tools.run

demo: install ## The same, with 25 dispatches of several stories to look at
	@$(BIN)/python -m tools.run --demo

test: install-dev ## Check and test everything; brings Chromium, Node and PostgreSQL
	@$(BIN)/python -m tools.check --test

check: install-dev ## The quick part of `make test`: linters, types, contracts
	@$(BIN)/python -m tools.check

lock: install-dev ## Compile requirements*.in into pinned files with hashes
	@$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt

messages: install-dev ## Collect the strings to translate into locale/ (needs Debian's gettext)
	@command -v xgettext >/dev/null || { echo "messages │ sudo apt install gettext" >&2; exit 1; }
	@$(BIN)/python manage.py makemessages --locale fr --no-obsolete --no-wrap --add-location file --ignore var --ignore .venv
	@$(BIN)/python tools/install.py

GOLD ?=
evaluate: install ## Score the extraction (GOLD=file; default: the gold set of tests/)
	@$(BIN)/python manage.py evaluate $(GOLD)

screenshots: install-dev ## Make docs/screenshots/ from a running demo of its own
	@$(BIN)/python -m tools.screenshots

bench: install-dev ## CPU time of the whole extraction against that of spaCy alone
	@$(BIN)/python benchmarks/extraction.py

clean: ## Remove .venv/ and caches; the data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
