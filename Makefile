# Everything that a person or CI does here. `make` alone lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help demo test bench check weights clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: weights ## Install everything here, and show a recorded couple being coached
	@$(BIN)/voice-coach demo

test: weights ## Install everything here, and run the whole test suite
	@$(BIN)/python -m pytest

bench: weights ## Measure what takes long: `run` on a virtual sound card, for a quarter of an hour
	@$(BIN)/python -m pytest -m slow

check: $(READY) ## Lint, check types, and hold the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

weights: $(READY)
	@$(BIN)/voice-coach model prepare || [ "$$(uname -sm)" != "Linux x86_64" ]

# A virtual environment of our own: nothing is installed elsewhere, and no root is needed.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "This Python cannot make a virtual environment; on Debian: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

clean: ## Remove the virtual environment and what the tools left
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
