# Ressort: the commands of the README. Only python3 (3.11 or later), its venv module and make are needed.
.DEFAULT_GOAL := help
.PHONY: help run test faults check bench published messages lock format clean

VENV := .venv
PYTHON := $(VENV)/bin/python
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## say what each command does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(VENV)/.run  ## install what is missing, then open the pages on this machine
	$(VENV)/bin/ressort serve

test: $(VENV)/.dev  ## run every test, or some: make test ARGS="tests/core/food tests/cli"
	$(PYTHON) -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

faults: $(VENV)/.dev  ## kill the ledger's application and server a thousand times (about half an hour)
	FAULT_ROUNDS=1000 $(PYTHON) -m pytest tests/faults

check: $(VENV)/.dev  ## format, lint, types, layers, house rules
	$(VENV)/bin/ruff format --check src tests bench
	$(VENV)/bin/ruff check src tests bench
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest tests/tidy

published: $(VENV)/.dev  ## published results of food and land beside ours, in one table
	$(PYTHON) bench/published.py

bench: $(VENV)/.dev  ## print our speed, the peer's or the limit's, and the ratio
	@for script in bench/[a-z]*.py; do echo "== $$script"; $(PYTHON) $$script || exit 1; done

format: $(VENV)/.dev  ## format the code
	$(VENV)/bin/ruff format src tests bench
	$(VENV)/bin/ruff check --fix src tests bench

messages: $(VENV)/.dev  ## gather the words of every face into the catalogues
	$(PYTHON) -m tests.tidy.catalogue --write

lock: $(VENV)/.dev  ## choose the versions of every dependency again
	$(PYTHON) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate -q --upgrade -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev --extra bench --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate -q --upgrade -o requirements-dev.lock

clean:  ## forget what was installed here (the data folder stays)
	rm -rf $(VENV) *.egg-info src/*.egg-info

$(PYTHON):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ressort needs Python 3.11 or later; this is $$(python3 --version). Install a newer python3."; exit 1; }
	@python3 -c 'import venv, ensurepip' || { echo "The venv module of Python is missing. On Debian: apt install python3-venv."; exit 1; }
	python3 -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(PYTHON)
	@test -f $(VENV)/.dev || $(PYTHON) -m pip install --quiet -r requirements.lock
	$(PYTHON) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(PYTHON)
	$(PYTHON) -m pip install --quiet -r requirements-dev.lock
	$(PYTHON) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
