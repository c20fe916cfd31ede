# Everything here works on a machine that has Python 3.11+, git and make.

PYTHON ?= python3
VENV := .venv
DEMO := .venv-demo
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip==26.3'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

$(DEMO)/installed: pyproject.toml $(shell git ls-files nogilcheck)
	$(PYTHON) -m venv --clear $(DEMO)
	$(DEMO)/bin/python -m pip install --quiet --disable-pip-version-check .
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

.PHONY: docs
docs: $(VENV)/installed ## Write the pages of the documentation that come from the package
	@$(BIN)/python -m tests.docs

.PHONY: test-tools
test-tools: $(VENV)/installed ## Heavier tests that install other tools and builds of this one
	$(BIN)/python -m pytest -m tools

.PHONY: test-live
test-live: $(VENV)/installed ## Ask the real index and pip: report what moved since the recording, fail where they disagree
	$(BIN)/python -m pytest -m live

.PHONY: record
record: $(VENV)/installed ## Record again what the tests replay of the real index (fixtures/recorded)
	$(BIN)/python -m tests.record

BENCH_VENVS := .venv-bench .venv-bench-fast

.venv-bench/installed: EXTRA :=
.venv-bench-fast/installed: EXTRA := [fast]
$(BENCH_VENVS:=/installed): %/installed: pyproject.toml $(shell git ls-files nogilcheck)
	$(PYTHON) -m venv --clear $*
	$*/bin/python -m pip install --quiet --disable-pip-version-check '.$(EXTRA)' uv
	@touch $@

.PHONY: bench
bench: $(VENV)/installed $(BENCH_VENVS:=/installed) ## Time checks beside uv on the real index, and on a server with a known latency
	@PATH="$(CURDIR)/.venv-bench/bin:$$PATH" $(BIN)/python -m tests.bench.real --fast .venv-bench-fast/bin/nogilcheck $(BENCH)
	@PATH="$(CURDIR)/.venv-bench/bin:$$PATH" $(BIN)/python -m tests.bench.hermetic

FUZZ_SECONDS ?= 60

.venv-fuzz/installed: pyproject.toml
	$(PYTHON) -m venv --clear .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check 'pip==26.3'
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --editable . --group test
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: atheris \
		|| echo "There is no atheris for this Python: hypothesis will do."
	@touch $@

.PHONY: fuzz
fuzz: .venv-fuzz/installed ## Throw bytes at every reader, FUZZ_SECONDS (60) for each; FUZZ='page wheel' for some
	@.venv-fuzz/bin/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(FUZZ)

.PHONY: format
format: $(VENV)/installed ## Rewrite the sources in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## Remove environments and caches
	rm -rf $(VENV) $(DEMO) $(BENCH_VENVS) .venv-fuzz .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage*
