# Two commands on a fresh machine: `make demo` and `make test`. Needs python3 (3.11 or newer) with venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-wire install dev clean

demo: install
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check

# The client against a real server, which is built from source: about 10 minutes of CPU, once.
test-wire: dev .venv-wire/.installed
	@$(BIN)/pytest -vv -m wire tests/models/wire

.venv-wire/.installed: | $(BIN)/python
	@echo "Building llama.cpp's server into .venv-wire ..."
	@$(PYTHON) -m venv .venv-wire
	@.venv-wire/bin/python -m pip install --quiet --disable-pip-version-check 'llama-cpp-python[server]==0.3.36' 'gguf==0.19.*'
	@touch $@

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
	rm -rf .venv .venv-wire build dist *.egg-info
