# The two commands that matter: `make report` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= auto
LOCK   := --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --quiet

.DEFAULT_GOAL := help
.PHONY: help setup report test every-test quick lint app lab bench bench-china hostile fuzz mutate sbom docs lock wheels clean

help: ## say what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.runtime ## create .venv and install the pinned lock

report: setup ## build the sample counties' reports into output/
	@echo "running: the sample counties' reports into output/"
	@$(BIN)/reportkit run

# Tests that call make are not to find this one's jobs.
PYTEST = env -u MAKEFLAGS -u MFLAGS $(BIN)/pytest -n $(WORKERS) --dist worksteal

# The tests start hundreds of processes: none compiles our modules anew, not even where PYTHONDONTWRITEBYTECODE is set.
# On a fresh clone mypy works for a minute on one processor: the tests run beside it.
test: $(VENV)/.dev ## run every check and every test
	@$(MAKE) --no-print-directory --jobs 2 lint every-test

every-test: $(VENV)/.dev
	@$(BIN)/python -m compileall -q src
	@$(PYTEST)

quick: $(VENV)/.dev ## run the tests that need neither a browser nor a kernel
	@$(BIN)/python -m compileall -q src
	@$(PYTEST) -m "not browser and not kernel"

lint: $(VENV)/.dev ## check style, types, the floors and the notebooks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

app: setup ## open the clerk's page in the browser
	$(BIN)/reportkit app

lab: setup ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks/annual_report.ipynb

bench: $(VENV)/.dev ## measure the speed: beside the peers, of the checks, of formats, of reading, of the stores; and how true readings are
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.stages
	$(BIN)/python -m tests.bench.checks
	$(BIN)/python -m tests.bench.checks 10000
	$(BIN)/python -m tests.bench.formats
	$(BIN)/python -m tests.bench.published
	$(BIN)/python -m tests.bench.store
	$(BIN)/python -m tests.bench.county
	$(BIN)/python -m tests.bench.cluster
	$(BIN)/python -m tests.bench.truth
	$(BIN)/python -m tests.bench.lab

bench-china: $(VENV)/.dev ## all of China in one run, about an hour on two cores; goes on where it was interrupted
	$(BIN)/python -m tests.bench.china

hostile: $(VENV)/.dev ## hostile input and damaged files, counted: a tenth of the full counts
	$(BIN)/python -m tests.hostile --scale 0.1

fuzz: $(VENV)/.dev ## the same with the full counts, and docs/reliability.md anew
	$(BIN)/python -m tests.hostile --scale 1 --write

mutate: $(VENV)/.dev ## faults put into the form's, the derivation's and the checks' own code: does a test see each?; goes on where it was
	$(BIN)/python -m tests.mutation --write

sbom: $(VENV)/.dev ## the bill of materials of the pinned lock (CycloneDX), into build/sbom.json
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --output-reproducible --output-file build/sbom.json

docs: $(VENV)/.dev ## write the generated pages of docs/ anew, and build the site into build/site
	$(BIN)/python -m tests.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: $(VENV)/.dev ## pin every dependency anew
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --extra lab --extra app --group build --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --all-extras --group build --group dev --group docs \
		--constraint requirements.lock --output-file requirements-dev.lock
	@$(MAKE) --no-print-directory wheels

# pip answers wrongly for another system: it reads the markers of the one that it runs on.
PLATFORMS := x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu aarch64-apple-darwin x86_64-pc-windows-msvc
PYTHONS   := 3.11 3.12 3.13 3.14
UV        := $(BIN)/uv

wheels: $(VENV)/.dev ## check that no machine that we support needs a compiler for the lock
	@set -e; for platform in $(PLATFORMS); do for python in $(PYTHONS); do \
		echo "wheels for $$platform, Python $$python"; \
		$(UV) pip install --quiet --dry-run --no-deps --only-binary :all: --python $(BIN)/python \
			--python-platform $$platform --python-version $$python \
			--target $(VENV)/wheels -r requirements.lock; \
	done; done

clean: ## remove the environment and everything that is made
	rm -rf $(VENV) output output-internal build dist .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "reportkit needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
		{ echo "This Python cannot make environments: apt-get install python3-venv"; exit 1; }
	@echo "creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# A lock is complete, so nothing is resolved: what was released since cannot come in, and `pip check` holds
# that nothing is missing.
define install
	@echo "installing $(1): $$(grep -c == $(1)) packages, without those for other systems"
	@$(PIP) install --quiet --require-hashes --no-deps -r $(1)
	@echo "installing reportkit"
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@$(PIP) check
endef

# A package that an older lock left behind may cost every process a second, and no new machine has it.
PLAIN := tr 'A-Z_.' 'a-z--'

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)
	@names=$$(sed -nE 's/^([A-Za-z0-9._-]+)(\[[^]]*\])?==.*/\1/p' $< | $(PLAIN)); \
	left=$$($(PIP) freeze --exclude-editable | sed 's/[ =].*//' | $(PLAIN) | grep -vxF "$$names" || true); \
	[ -z "$$left" ] || { echo "removing what the lock has no more:" $$left; $(PIP) uninstall --quiet --yes $$left; }
	@touch $@ $(VENV)/.runtime
