# Everything here works on a machine that has Python 3.11+, git and make.

PYTHON ?= python3
VENV := .venv
DEMO := .venv-demo
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The locks renew with `make lock`. What is installed from them is what was locked, or nothing is.
LOCKS := tests/locks
PIP := -m pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes -r $(LOCKS)
# The package itself: hatchling, which builds it, is locked as well.
OURS := $(PIP) --no-deps --no-build-isolation

$(VENV)/installed: pyproject.toml $(LOCKS)/pip.txt $(LOCKS)/dev.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(LOCKED)/pip.txt
	$(BIN)/python $(LOCKED)/dev.txt
	$(BIN)/python $(OURS) --editable .
	@touch $@

$(DEMO)/installed: pyproject.toml $(LOCKS)/run.txt $(shell git ls-files nogilcheck)
	$(PYTHON) -m venv --clear $(DEMO)
	$(DEMO)/bin/python $(LOCKED)/run.txt
	$(DEMO)/bin/python $(OURS) .
	@touch $@

.PHONY: demo
demo: $(DEMO)/installed ## Install into a new environment and check a real stack against PyPI
	@echo '$$ nogilcheck fixtures/requirements/airflow.txt'
	@$(DEMO)/bin/nogilcheck fixtures/requirements/airflow.txt; status=$$?; \
	case $$status in \
	0) echo "The demo worked: nothing blocks this stack with what PyPI has today (exit status 0)." ;; \
	1) echo "The demo worked: this stack is blocked with what PyPI has today, as listed above (exit status 1)." ;; \
	*) echo "The demo failed: there is no answer (exit status $$status; README.md says what it means)."; exit $$status ;; \
	esac

.PHONY: test
test: lint unit ## Every check that needs no network once the environment is there

.PHONY: lint
lint: $(VENV)/installed ## Formatting, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: unit
unit: $(VENV)/installed ## The default test suite, on every core
	$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: coverage
coverage: $(VENV)/installed ## The same with coverage, which takes half as long again
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.venv-docs/installed: pyproject.toml $(LOCKS)/run.txt $(LOCKS)/docs.txt
	$(PYTHON) -m venv --clear .venv-docs
	.venv-docs/bin/python $(LOCKED)/run.txt -r $(LOCKS)/docs.txt
	.venv-docs/bin/python $(OURS) --editable .
	@touch $@

.PHONY: docs
docs: $(VENV)/installed .venv-docs/installed ## Write the pages that come from the package, and build the site (build/docs)
	@$(BIN)/python -m tests.docs
	.venv-docs/bin/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs

.PHONY: test-tools
test-tools: $(VENV)/installed ## Heavier tests that install other tools and builds of this one
	$(BIN)/python -m pytest -m tools

.PHONY: test-live
test-live: $(VENV)/installed ## Ask the real index and pip: report what moved since the recording, fail where they disagree
	$(BIN)/python -m pytest -m live

.PHONY: test-newest
test-newest: ## The default suite in a new environment with the newest of everything, locked or not
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python $(PIP) --upgrade pip
	.venv-newest/bin/python $(PIP) --upgrade --editable . --group test
	.venv-newest/bin/python -m pytest -n auto --dist worksteal

.PHONY: record
record: $(VENV)/installed ## Record again what the tests replay of the real index (fixtures/recorded)
	$(BIN)/python -m tests.record

.venv-bench/installed: pyproject.toml $(LOCKS)/run.txt $(LOCKS)/uv.txt $(shell git ls-files nogilcheck)
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python $(LOCKED)/run.txt -r $(LOCKS)/uv.txt
	.venv-bench/bin/python $(OURS) .
	@touch $@

.PHONY: bench
bench: $(VENV)/installed .venv-bench/installed ## Time checks beside uv on a replica of an index, recorded first if need be; BENCH=--full for longer
	@PATH="$(CURDIR)/.venv-bench/bin:$$PATH" $(BIN)/python -m tests.bench.beside_uv $(BENCH)

FUZZ_SECONDS ?= 60

.venv-fuzz/installed: pyproject.toml $(LOCKS)/dev.txt $(LOCKS)/atheris.txt
	$(PYTHON) -m venv --clear .venv-fuzz
	.venv-fuzz/bin/python $(LOCKED)/pip.txt
	.venv-fuzz/bin/python $(LOCKED)/dev.txt
	.venv-fuzz/bin/python $(OURS) --editable .
	@.venv-fuzz/bin/python $(LOCKED)/atheris.txt --only-binary :all: \
		|| echo "There is no atheris for this Python: hypothesis will do."
	@touch $@

.PHONY: fuzz
fuzz: .venv-fuzz/installed ## Throw bytes at every reader, FUZZ_SECONDS (60) for each; FUZZ='page wheel' for some
	@.venv-fuzz/bin/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(FUZZ)

.venv-lock/installed: $(LOCKS)/uv.txt
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python $(LOCKED)/uv.txt
	@touch $@

COMPILE := .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--upgrade --custom-compile-command 'make lock'
# Groups of pyproject.toml that are installed alone.
ALONE := atheris browser check-jsonschema dask devpi docs pdm pip pip-tools pipenv poetry pre-commit proxpi pypiserver release uv zizmor

.PHONY: lock
lock: .venv-lock/installed ## Lock the newest of everything that pyproject.toml allows
	$(COMPILE) pyproject.toml --group build -o $(LOCKS)/run.txt
	$(COMPILE) pyproject.toml --group build --extra fast -o $(LOCKS)/run-fast.txt
	$(COMPILE) pyproject.toml --group dev -o $(LOCKS)/dev.txt
	$(COMPILE) pyproject.toml --group test --group pip --group build --extra fast -o $(LOCKS)/test-fast.txt
	$(COMPILE) pyproject.toml --group test --group pip --group build --extra fast --resolution lowest-direct \
		-o $(LOCKS)/lowest.txt
	for group in $(ALONE); do $(COMPILE) --group $$group -o $(LOCKS)/$$group.txt || exit; done

RELEASE := .venv-release

$(RELEASE)/installed: $(LOCKS)/release.txt
	$(PYTHON) -m venv --clear $(RELEASE)
	$(RELEASE)/bin/python $(LOCKED)/release.txt
	@touch $@

.PHONY: build
build: $(RELEASE)/installed $(VENV)/installed ## Build the last commit as it is released, twice, and check what was built
	$(RELEASE)/bin/python -m tests.release build dist
	$(RELEASE)/bin/check-wheel-contents dist/*.whl
	$(RELEASE)/bin/twine check --strict dist/*
	$(BIN)/nogilcheck inspect dist/*.whl
	$(BIN)/nogilcheck check "$$(echo dist/*.whl)[fast,scan]"

.PHONY: format
format: $(VENV)/installed ## Rewrite the sources in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## Remove environments and caches
	rm -rf build $(VENV) $(DEMO) .venv-bench .venv-docs .venv-fuzz .venv-lock .venv-newest $(RELEASE) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage*
