# Siang: two commands matter, `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PORT ?= 8000
FILL ?= 0
ARGS ?=

.PHONY: help install demo test check cover bench lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

.venv/python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Siang needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv && touch $@

.venv/runtime: .venv/python requirements.lock pyproject.toml
	@echo "Installing what Siang needs (about a minute, the first time only) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/runtime  ## what an office needs: .venv/bin/siang

# The demo dies with make, also when make is killed (SIANG_PARENT, see bot/family.py).
demo: .venv/runtime  ## start everything on this machine; FILL=300 lets 300 simulated residents answer, PORT=8100 moves it
	@SIANG_PARENT=$$PPID exec $(BIN)/siang demo --port $(PORT) --fill $(FILL)

test: .venv/dev  ## the whole suite
	@$(BIN)/python -m pytest $(ARGS)

check: .venv/dev  ## ruff, mypy --strict, import rules, coverage of the core
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory cover

CORE := tests/survey/test_core_*.py tests/survey/test_published.py \
  $(wildcard $(addprefix tests/analysis/test_,advice.py change.py complaint_counts.py display.py estimate.py figures.py findings.py frame.py internal.py intervals.py measures_bank.py measures_sheet.py measures_suggest.py official.py reconcile.py reconcile_rows.py render_data.py report.py report_internal.py report_official.py report_rest.py scores.py withholding.py))
cover: .venv/dev  ## the pure core's own tests cover every branch of it
	@$(BIN)/python -m pytest -n0 -q --cov=survey --cov=analysis $(CORE)

bench: .venv/dev  ## one table of ratios
	@$(BIN)/python -m bench $(ARGS)

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header --quiet 
lock:  ## renew the lock files (needs uv)
	$(LOCK) pyproject.toml --group build -o requirements.lock
	$(LOCK) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## remove what make and the demo made
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
