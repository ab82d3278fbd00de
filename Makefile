# Everything a person types. PORT and TAIZHANG_HOME are honoured by all of it.
PORT ?= 8501
TAIZHANG_HOME ?= data/home
COUNTY ?=
export PORT TAIZHANG_HOME
OF_COUNTY = $(if $(COUNTY),--county $(COUNTY))

VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run run-secure install demo import test test-fast torture mutants check lock bench bench-import bench-load bench-memory bench-rules bench-scale shots looks bundle audit clean

run: demo  ## set up, load the demo county into a home that is nobody's yet, open the dashboard
	@echo "台账 http://localhost:$(PORT)"
	@$(PY) server.py --port $(PORT)

run-secure: demo $(VENV)-login/installed  ## the same with a login: a provider of accounts beside it, on this machine
	@$(PY) -m tools.run_secure --port $(PORT) $(if $(PUBLIC_URL),--public-url $(PUBLIC_URL) --login-url $(LOGIN_URL))

install: $(VENV)/installed  ## set up only

# A bundle brings its wheels: then no package index is asked.
PIP := -m pip install --disable-pip-version-check --quiet --progress-bar on \
	$(if $(wildcard wheels),--no-index --find-links wheels)

$(VENV)/installed: requirements.txt
	@sh tools/venv.sh $(VENV)
	@$(PY) $(PIP) -r requirements.txt
	@touch $@

$(VENV)-login/installed: requirements-login.txt
	@sh tools/venv.sh $(VENV)-login
	@$(VENV)-login/bin/python $(PIP) -r requirements-login.txt
	@touch $@

$(VENV)/tested: requirements-dev.txt $(VENV)/installed
	@$(PY) $(PIP) -r requirements-dev.txt
	@sh tools/chromium.sh $(PY)
	@touch $@

$(TAIZHANG_HOME)/CURRENT: | install
	@test -f $(TAIZHANG_HOME)/county/county.yaml || $(PY) -m loaders demo $(OF_COUNTY) --home $(TAIZHANG_HOME)

demo: install $(TAIZHANG_HOME)/CURRENT  ## write and load the demo county

import: install  ## make import FILES="a.xlsx folder" [DATE=2025-12-31] [COUNTY=611025]
	@$(PY) -m loaders import $(FILES) --home $(TAIZHANG_HOME) $(OF_COUNTY) $(if $(DATE),--date $(DATE))

TESTS := -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Where it cannot be installed, its tests are skipped and say so.
LOGIN := $(MAKE) --no-print-directory $(VENV)-login/installed || true

test: $(VENV)/tested  ## the tests, the browser's too
	@$(LOGIN)
	@$(PY) $(TESTS)

test-fast: $(VENV)/tested  ## what a change usually touches: cells, rules, charts, words, addresses
	@$(PY) $(TESTS) $(FAST)

FAST := tests/test_walls.py tests/charts tests/glossary tests/rules tests/views tests/store \
	tests/loaders/cells tests/loaders/cleaning

torture: $(VENV)/tested  ## 200 kills, 200 bit flips, full disks, long sequences of imports, Spark
	@$(LOGIN)
	@TAIZHANG_TORTURE=1 $(PY) $(TESTS) --durations 20 -rs

mutants: $(VENV)/tested  ## put declared faults in one at a time: which does a test find?
	@$(PY) -m tests.mutants

check: $(VENV)/tested  ## linter, formatter, spelling, type checker, and the walls between the rooms
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m codespell_lib
	@$(PY) -m mypy
	@$(PY) -m pytest tests/test_walls.py

bench: $(VENV)/tested demo  ## speed beside a tutorial page and an empty one
	@$(PY) -m tests.bench

bench-import: $(VENV)/tested  ## imports of the demo and of 100 times as much beside bare readers
	@$(PY) -m tests.bench.imports

bench-load: $(VENV)/tested demo  ## 200 pages open, 20 viewers who click, an import meanwhile
	@$(PY) -m tests.bench.load

bench-memory: $(VENV)/tested demo  ## memory of a server while many data dates are visited
	@$(PY) -m tests.bench.memory --home $(TAIZHANG_HOME)

bench-rules: $(VENV)/tested  ## all rules over 2.5 million households beside a bare scan
	@$(PY) -m tests.bench.rules

FACTOR ?= 100

bench-scale: $(VENV)/tested demo  ## pages of FACTOR times the households (100) beside the demo's
	@$(PY) -m tests.bench.scale --home $(TAIZHANG_HOME) --factor $(FACTOR)

shots: $(VENV)/tested demo  ## pictures of every page into docs/pictures
	@$(PY) -m tests.browser.pictures

looks: $(VENV)/tested  ## pictures that make torture compares pages with, taken anew
	@$(PY) -m tests.browser.looks

bundle: install  ## the program with its wheels in one file, for a machine without a package index
	@$(PY) tools/bundle.py

$(VENV)-audit/installed: requirements-audit.txt
	@sh tools/venv.sh $(VENV)-audit
	@$(VENV)-audit/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-audit.txt
	@touch $@

audit: install $(VENV)-audit/installed  ## unsafe calls, known holes, licences, a bill of materials
	@$(VENV)-audit/bin/python tools/audit.py

lock: $(VENV)/tested  ## compile requirements*.txt from the .in files
	@$(PY) -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt requirements.in
	@$(PY) -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --no-header -o requirements-dev.txt requirements-dev.in
	@$(PY) -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --no-header -o requirements-audit.txt requirements-audit.in
	@$(PY) -m piptools compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe --no-header -o requirements-login.txt requirements-login.in

clean:
	@rm -rf $(VENV) $(VENV)-audit $(VENV)-login data/raw/* data/home
