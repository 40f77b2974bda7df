# All tasks of development. Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.built

# Else each process of the tests would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-browsers lint check bench tables picture samples clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

# pip 23.2 fails on the extras that lxml names with both spellings, so it is upgraded first.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "reader needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(STAMP) ## open the app
	@$(BIN)/reader

# More workers than the two cores of CI: tests wait for programs, timers and disks.
test: $(STAMP) ## run the tests
	@$(BIN)/python -m pytest -n 4 --dist loadgroup

lint: $(STAMP) ## check format, style, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint test ## lint and test: run it before each commit

test-browsers: $(STAMP) ## run the tests in real browsers (apt-get install chromium firefox-esr)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,browsers]'
	@$(BIN)/python -m pytest -n 0 tests/browsers

bench: $(STAMP) ## measure speed, memory and quality, compared with other programs (slow)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	$(BIN)/python -m tests.bench

tables: $(STAMP) ## write the README's tables of keys and commands
	@$(BIN)/python -m tests.packaging.readme

picture: $(STAMP) ## draw the README's picture of the app
	@$(BIN)/python -m tests.packaging.picture

samples: $(STAMP) ## write the expected Markdown of the sample pages
	@$(BIN)/python -m tests.extract.samples

clean: ## remove built files
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
