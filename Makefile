# The two commands that matter: `make report` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --quiet

.DEFAULT_GOAL := help
.PHONY: help setup report test quick lint lab bench docs lock clean

help: ## say what each target does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.runtime ## create .venv and install the pinned lock

report: setup ## build the sample county's reports into output/
	$(BIN)/reportkit run

test: $(VENV)/.dev lint ## run every check and every test
	$(BIN)/pytest -n auto --dist worksteal

quick: $(VENV)/.dev ## run the tests that need neither a browser nor a kernel
	$(BIN)/pytest -n auto --dist worksteal -m "not browser and not kernel"

lint: $(VENV)/.dev ## check style, types, the floors and the notebooks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

lab: setup ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks/annual_report.ipynb

bench: $(VENV)/.dev ## measure the speed: beside the peers, of the checks, of reading, of the stores; and how true readings are
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.checks
	$(BIN)/python -m tests.bench.published
	$(BIN)/python -m tests.bench.store
	$(BIN)/python -m tests.bench.truth

docs: $(VENV)/.dev ## write the generated pages of docs/ anew
	$(BIN)/python -m tests.docs

lock: $(VENV)/.dev ## pin every dependency anew
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra lab --group build --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra lab --extra cluster --extra postgres \
		--group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove the environment and everything that is made
	rm -rf $(VENV) output output-internal build dist .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "reportkit needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
		{ echo "This Python cannot make environments: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime
