# Two commands: `make demo` and `make test`. Both set up everything that they need in .venv first.
PYTHON ?= python3
BIN := .venv/bin
CATALOGUES := $(wildcard src/doorroute/locale/*/LC_MESSAGES/*.po)
# uv is faster where it is there; plain pip does the same, and leaves bytecode to the first import: most of it is never imported
INSTALL := $(if $(shell command -v uv),uv pip install --quiet --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check)

.PHONY: help setup pages demo test cover fuzz lint format bench pictures texts lock wheel clean

help:
	@echo "make demo    the whole job on the shipped sample, offline; maps in maps/demo/"
	@echo "make test    all tests"
	@echo "make cover   all tests again, and which lines they run; fails below the share in pyproject.toml"
	@echo "make bench   measure; writes docs/benchmarks.md"
	@echo "make fuzz    damaged input, small days, kills: 20 minutes of new ones (MINUTES=5 for fewer)"
	@echo "make lint    ruff, mypy, import-linter; tsc, ESLint and Prettier for the pages' scripts"
	@echo "make pages   bundle the pages' scripts again after a change in frontend/"
	@echo "make pictures  take the README's pictures anew"
	@echo "make texts   collect new texts into the Chinese catalogue"
	@echo "make wheel   build a wheel in dist/ that carries the compiled searches of this platform and Python"
	@echo "make lock    resolve the dependencies anew"

setup: .venv/.dev .venv/.warm pages

# after a change in frontend/; done at once if nothing has changed
pages: .venv/.core
	$(BIN)/python frontend/build.py

demo: .venv/.warm pages
	$(BIN)/doorroute demo --out maps/demo

test: .venv/.dev .venv/.warm pages
	$(BIN)/python tests/browser/get_chromium.py
	$(BIN)/python -m pytest -n 2

cover: .venv/.dev .venv/.warm pages
	rm -f .cache/coverage*
	$(BIN)/python -m coverage run -m pytest -n 2
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

MINUTES ?= 20
fuzz: .venv/.dev .venv/.warm
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python frontend/build.py lint

format: .venv/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python frontend/build.py format

bench: .venv/.dev .venv/.warm pages
	$(BIN)/python -m benchmarks

pictures: demo .venv/.dev
	$(BIN)/python docs/take_pictures.py

texts: .venv/.dev
	$(BIN)/pybabel -q extract -F babel.cfg -k msg -k msg_n:1,2 -k _ -k _n:1,2 --no-location --sort-output -o .cache/doorroute.pot src
	$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete -i .cache/doorroute.pot -d src/doorroute/locale -D doorroute -l zh

# uv comes from the environment for development; no index address is written
lock: .venv/.dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group node -o requirements-node.lock

wheel: .venv/.core
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf .venv frontend/node_modules .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis src/doorroute/machine_code/__pycache__

.venv/.core: requirements.lock pyproject.toml hatch_build.py $(CATALOGUES) frontend/build.py frontend/package-lock.json | .venv/bin/python
	$(INSTALL) --require-hashes -r requirements.lock $(if $(shell command -v npm),,-r requirements-node.lock)
	$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

# what is compiled already is only loaded
.venv/.warm: .venv/.core $(shell find src/doorroute/planning src/doorroute/network -name '*.py')
	@$(BIN)/python -m doorroute.warm
	@touch $@

.venv/.dev: .venv/.core requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "doorroute needs Python 3.11 or later: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
