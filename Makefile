# Two commands on a fresh machine: `make demo` and `make test`. Needs python3 (3.11 or newer) with venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test install dev clean

demo: install
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check

install: $(BIN)/.installed
dev: $(BIN)/.installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sonde needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Creating .venv ..."
	@$(PYTHON) -m venv .venv

$(BIN)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing sonde ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable .
	@touch $@

$(BIN)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing sonde and its development tools ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(BIN)/.installed

clean:
	rm -rf .venv build dist *.egg-info
