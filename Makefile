# Everything from a fresh clone, with Python 3.11 or newer and make alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint bench bench-peers clean

help:
	@echo "make demo         run the main job on sample outlets"
	@echo "make test         check style and types, and run the tests"
	@echo "make lint         check style and types only"
	@echo "make bench        measure speed, as ratios within one run"
	@echo "make bench-peers  measure it beside news-please and fundus, which it installs apart"
	@echo "make clean        remove what was built"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "waiverwatch needs Python 3.11 or newer; name one: make PYTHON=python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(READY)
	$(BIN)/waiverwatch demo

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The floor of coverage stands in pyproject.toml. The crawler's tests, half of the time, wait more than
# they work: the others run beside them, and are shown once both have ended.
test: lint
	rm -f .coverage .coverage.*
	$(BIN)/coverage run --parallel-mode -m pytest --ignore=tests/crawler > .coverage.others 2>&1 & others=$$!; \
	  $(BIN)/coverage run --parallel-mode -m pytest tests/crawler; crawler=$$?; \
	  wait $$others; rest=$$?; cat .coverage.others; rm .coverage.others; exit $$((crawler + rest))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

bench: $(READY)
	$(BIN)/python -m tests.bench

# In an environment of its own, by the versions of tests/bench/peers.txt.
bench-peers: $(READY)
	$(BIN)/python -m tests.bench peers

clean:
	rm -rf $(VENV) .venv-peers build dist *.egg-info .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
