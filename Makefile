# make run [CABLES=path] [DATA=path]  builds the tables where they are missing and serves the app on 127.0.0.1:8501
# make test                           lint, types, import direction and all tests
# Both set up what they need: a virtual environment, Python packages and, where missing, system packages.

CABLES ?= data/cables
PORT   ?= 8501
PYTHON := .venv/bin/python
# What the tests open exported slides and workbooks with.
OFFICE := /usr/lib/libreoffice/program/libsdlo.so=libreoffice-impress \
          /usr/lib/libreoffice/program/libsclo.so=libreoffice-calc
ifeq ($(origin CABLES), command line)
DATA   ?= data/tables/$(shell printf '%s' '$(abspath $(CABLES))' | cksum | cut -d' ' -f1)
else
DATA   ?= data/tables/samples
endif

.PHONY: run test

run: .venv/run-ready
	$(PYTHON) -m metrics build "$(CABLES)" --out "$(DATA)"
	BORDER_METRICS_DATA="$(DATA)" $(PYTHON) -m streamlit run dashboard.py --server.port $(PORT)

test: .venv/test-ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(PYTHON) -m pytest

.venv/bin/python:
	.ci/system-packages python3=python3
	python3 -c 'import ensurepip, venv' 2>/dev/null || .ci/system-packages /nonexistent=python3-venv
	python3 -m venv .venv

.venv/run-ready: .venv/bin/python requirements.txt .ci/system-packages
	.ci/system-packages chromium=chromium
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test-ready: .venv/bin/python requirements.txt requirements-dev.txt .ci/system-packages
	.ci/system-packages chromium=chromium /usr/lib/postgresql=postgresql $(OFFICE)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/run-ready
