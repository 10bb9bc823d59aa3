# `make` alone lists the targets. Everything happens in .venv, which the first target that needs it creates.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
COMPILED := build/compiled

.DEFAULT_GOAL := help
.PHONY: help demo test check format schemas docs bench compiled clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Argosy needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(INSTALLED) ## compile, lint and simulate a workflow whose work fails, and see its exit handler run
	@mkdir -p build
	$(BIN)/argosy compile examples/exit_handler.py -o build/exit-handler.yaml
	$(BIN)/argosy lint build/exit-handler.yaml
	$(BIN)/argosy simulate build/exit-handler.yaml --fail do-work:exit=1

test: $(INSTALLED) ## run the tests; ARGS='-k lint' picks some
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: $(INSTALLED) ## formatting, lint, types, and that generated files are up to date
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python schemas/generate.py --check
	@$(BIN)/python -m docs.generate --check

format: $(INSTALLED) ## format the code and apply the safe fixes of ruff
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schemas: $(INSTALLED) ## write the generated files of schemas/ anew
	@$(BIN)/python schemas/generate.py

docs: $(INSTALLED) ## write the generated pages of docs/ anew
	@$(BIN)/python -m docs.generate

bench: $(INSTALLED) ## how fast Argosy is; ARGO=path/to/argo compares with Argo's own linter
	@for one in lint simulate explore frontend language; do $(BIN)/python bench/$$one.py; done
	@test ! -d $(COMPILED) || { echo "compiled:"; \
	  for one in simulate explore; do PYTHONPATH=$(COMPILED) $(BIN)/python bench/$$one.py; done; }

compiled: $(INSTALLED) ## the simulator as C extensions in build/compiled, tested; needs a C compiler and 3 minutes
	@$(BIN)/python compiler/native.py $(COMPILED)
	@PYTHONPATH=$(COMPILED) $(BIN)/python -m pytest -q -n 2 -o pythonpath=. tests/simulate tests/explore tests/language

clean: ## remove what the other targets made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
