# For people who work on kb. `make` alone runs what CI runs, short of the fresh installation.

PYTHON ?= .venv/bin/python

.PHONY: check fix quick test pictures
check: .venv
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest

fix: .venv
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

# What needs neither a model nor much time: two thirds of the tests, in about a minute on two cores.
quick: .venv
	$(PYTHON) -m pytest -m "not model and not slow"

test: .venv
	$(PYTHON) -m pytest

# The pictures of the README; needs Chromium.
pictures: .venv
	$(PYTHON) examples/pictures.py

.venv: pyproject.toml constraints.txt
	python3 -m venv .venv
	.venv/bin/pip install -q -c constraints.txt -e ".[dev]"
	touch .venv
