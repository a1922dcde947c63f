# Needs Python >= 3.11 with venv, make and a package index; a C compiler is used if it is there.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt
SOURCES := pyproject.toml setup.py constraints.txt $(wildcard lumad/*.c lumad/sampling/*.[ch])

.PHONY: demo install test check format bench schema clean

demo: .venv/installed  ## one command: a whole stage in a box
	$(BIN)/lumad demo $(ARGS)

install: .venv/installed  ## set-up only; then .venv/bin/lumad works

test: .venv/dev  ## the test suite; with ARGS, what pytest makes of them
	$(if $(ARGS),$(BIN)/coverage run -m pytest $(ARGS),sh tests/house/run-suite.sh $(BIN))
	$(BIN)/coverage report --skip-covered --fail-under=$(COVERAGE)

check: .venv/dev  ## format, lint, types, import floors, dependencies, unit file, page scripts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	sh tests/house/verify-unit.sh
	sh tests/house/check-scripts.sh

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev  ## the tables of docs/performance.md
	for table in bench/*.py; do $(BIN)/python $$table || exit 1; done

schema: .venv/dev  ## the JSON Schemas of show and profile files
	$(BIN)/python -m lumad.model.schema

clean:
	rm -rf .venv build *.egg-info lumad/*.so lumad/sampling/*.so

COVERAGE ?= 85

.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lumad needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv

.venv/installed: $(SOURCES) | .venv/bin/uv
	@echo "lumad: setting up .venv (once; about a minute)"
	$(UV) -e .
	@touch $@

.venv/dev: .venv/installed
	$(UV) --group dev
	@touch $@
