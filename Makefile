# HeyGen Desktop: the words of its developers. 'make' alone tells them.

SHELL := /bin/bash
PYTHON ?= python3
export PYTHON
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run dev test unit check format bench bench-short reference screenshots starter-model clean

help: ## say what each word does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## from a fresh clone: install what is missing and open the window
	@bash packaging/setup/environment.sh run
	@bash packaging/setup/run.sh

dev: ## install what developers need into .venv
	@bash packaging/setup/environment.sh dev

test: dev ## install what the tests need and run them all, with coverage
	@bash packaging/setup/test.sh

unit: dev ## the fast tests alone, in seconds
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n auto -m "not slow and not xcb and not keyring and not gpu" tests/unit tests/contracts

check: dev ## style, types and import contracts, under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: dev ## put the code into its style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: dev ## measure: first paint, frames under generation, tokens per second, each as a ratio
	@$(BIN)/python -m tests.performance

bench-short: dev ## the same in one round each, which only prints: for machines that are never quiet
	@$(BIN)/python -m tests.performance --short

reference: dev ## write docs/cli.md and the end of 'heygen run --help' from the commands and the tasks
	@$(BIN)/python -m heygen_desktop.presentation.cli.reference parameters > heygen_desktop/presentation/cli/commands/parameters.txt
	@$(BIN)/python -m heygen_desktop.presentation.cli.reference > docs/cli.md

screenshots: dev ## draw the README's pictures from the real window
	@$(BIN)/python -m tests.screenshots docs/pictures

starter-model: dev ## train the starter model anew (about half an hour)
	@$(BIN)/python packaging/starter_model/train.py --out resources/starter-model

clean: ## remove what was built here, the environment included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .coverage.*
