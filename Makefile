# Two commands: `make serve` and `make test`. `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help

HOST ?= 127.0.0.1
PORT ?= 8000
WORKSPACE ?= var
JOBS ?= 4
VENV := .venv
BIN := $(VENV)/bin
export OMRAADEKORT_WORKSPACE = $(WORKSPACE)

.PHONY: help
help:  ## This list
	echo "Områdekort: two commands to begin with, \`make serve\` and \`make test\`."; echo
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	echo; echo "  Settings: HOST=$(HOST) PORT=$(PORT) WORKSPACE=$(WORKSPACE) JOBS=$(JOBS), for example: make serve PORT=8080"

.PHONY: serve
serve: workspace  ## Everything that is needed, then the pages at http://127.0.0.1:8000 (stop with Ctrl-C)
	exec $(BIN)/omraadekort serve --host $(HOST) --port $(PORT)

.PHONY: workspace
workspace: $(VENV)/.base  ## The workspace folder with the demo register and an edition of the newest input
	if test -e "$(WORKSPACE)"; then $(BIN)/omraadekort refresh; else $(BIN)/omraadekort init; fi
	$(BIN)/omraadekort demo --if-missing
	$(BIN)/omraadekort build

.PHONY: test
test: workspace $(VENV)/.test chromium postgresql  ## All of serve but the server; linters, types, layers and all tests, the browser's included
	failed=0
	$(MAKE) --no-print-directory check || failed=1
	scratch=$$(sh requirements/scratch)
	trap 'rm -rf "$$scratch"' EXIT
	TMPDIR=$$scratch $(BIN)/pytest -n $(JOBS) --dist worksteal || failed=1
	exit $$failed

# Rooms whose tests take no whole city, no browser, no PostgreSQL and no attack; what is slow in them is marked so.
FAST := $(addprefix tests/geo/,model files figures conclusions analysis editions/test_edition.py) \
  $(addprefix tests/geo/inputs/,test_catalogue.py test_consistency.py test_observations.py) \
  $(addprefix tests/geo/spatial/,test_lookup.py test_overlaps.py test_weights.py test_display.py test_gazetteer.py) \
  $(addprefix tests/webmap/,charts goals areas figures/test_formats.py maps/test_maps.py access/test_access.py test_pages.py test_palette.py)

.PHONY: test-fast
test-fast: $(VENV)/.test  ## The fast core for daily work, under a minute on two cores: no city is built, no browser, no PostgreSQL, no attack
	scratch=$$(sh requirements/scratch)
	trap 'rm -rf "$$scratch"' EXIT
	TMPDIR=$$scratch $(BIN)/pytest -q -n 2 -m "not slow and not browser and not real" $(FAST)

.PHONY: check
check: $(VENV)/.test  ## Linters, types, layers, and whether a secret is in a file, only
	failed=0
	echo "ruff check:   "; $(BIN)/ruff check . || failed=1
	echo "ruff format:  "; $(BIN)/ruff format --check . || failed=1
	echo "mypy:         "; $(BIN)/mypy || failed=1
	echo "import-linter:"; $(BIN)/lint-imports | tail -n +13 || failed=1
	echo "secrets:      "; git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline requirements/secrets.json || failed=1
	exit $$failed

.PHONY: chromium
chromium:  ## Debian's chromium for the browser tests (the shell without windows: quicker), installed when it is missing and you are root
	if command -v chromium-headless-shell >/dev/null; then
	  :
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	  echo "Installing chromium with apt-get ..."
	  install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$1" fonts-dejavu-core; }
	  { apt-get update -qq; install chromium-headless-shell || command -v chromium || install chromium; } </dev/null >/dev/null 2>&1 \
	    || echo "apt-get could not install chromium: the browser tests will be skipped."
	elif ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
	  echo "No chromium here, and only root may install it: the browser tests will be skipped (apt-get install chromium-headless-shell)."
	fi

.PHONY: postgresql
postgresql:  ## Debian's PostgreSQL server for the review room's tests, installed when it is missing and you are root
	if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
	  :
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	  echo "Installing postgresql with apt-get ..."
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } \
	    </dev/null >/dev/null || echo "apt-get could not install postgresql: its tests will be skipped."
	else
	  echo "No PostgreSQL server here, and only root may install it: its tests will be skipped (apt-get install postgresql)."
	fi

.PHONY: kills
kills: $(VENV)/.test  ## The review room's server killed with -9 while it saves, 200 times (about five minutes)
	OMRAADEKORT_TEST_KILLS=200 $(BIN)/pytest -n 0 -s --timeout 1800 tests/webmap/reviews/test_load.py -k killed

.PHONY: chaos
chaos: $(VENV)/.test  ## A bad day: kills, flipped bits, power cuts, full disks, lying providers, clocks, hostile files and clients, as a table (half an hour; FACTOR=0.1)
	$(BIN)/python -m bench.chaos $(if $(FACTOR),--factor $(FACTOR)) $(foreach name,$(ONLY),--only $(name))

.PHONY: lock
lock:  ## Choose the newest versions again, write requirements/*.lock and tell how old each package is (needs the network; OLDEST=730 days)
	tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT
	"$$(sh requirements/python)" -m venv "$$tools"
	"$$tools/bin/pip" install --quiet uv
	lock="$$tools/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command"
	$$lock "make lock" pyproject.toml requirements/base.in --output-file requirements/base.lock
	$$lock "make lock" --extra test --constraints requirements/base.lock pyproject.toml requirements/base.in --output-file requirements/test.lock
	$$lock "make lock" --extra bench --extra test --constraints requirements/test.lock pyproject.toml requirements/base.in --output-file requirements/bench.lock
	grep -c == requirements/*.lock
	"$$tools/bin/python" requirements/ages.py requirements/base.lock $(if $(OLDEST),--oldest $(OLDEST))

.PHONY: sbom
sbom:  ## What the program runs on, with versions, hashes and licences, as sbom.cdx.json in CycloneDX's form (needs the network)
	tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT
	python=$$(sh requirements/python)
	"$$python" -m venv "$$tools/run"; "$$python" -m venv "$$tools/bom"
	"$$tools/run/bin/pip" install --quiet --require-hashes --only-binary :all: --requirement requirements/base.lock
	"$$tools/run/bin/pip" uninstall --quiet --yes pip
	"$$tools/bom/bin/pip" install --quiet cyclonedx-bom
	"$$tools/bom/bin/cyclonedx-py" environment "$$tools/run/bin/python" --pyproject pyproject.toml --output-reproducible --of JSON --output-file sbom.cdx.json
	"$$python" requirements/licences.py sbom.cdx.json requirements/base.lock

.PHONY: bench
bench: $(VENV)/.bench  ## Times beside those of other libraries, written to docs/benchmarks.md (half an hour or more; SCALE=0.1 for a short one)
	$(BIN)/python -m bench $(if $(SCALE),--scale $(SCALE))

.PHONY: load
load: $(VENV)/.test chromium  ## What many readers at once get, with wrk and chromium, against limits (apt-get install wrk; MINUTES=30 for memory)
	$(BIN)/python -m bench.load --minutes $(or $(MINUTES),2)

.PHONY: audit-bench
audit-bench: $(VENV)/.test  ## Disclosure control attacked on 200 random towns (TOWNS=20 for some), written to docs/benchmarks.md (hours for all)
	$(BIN)/python -m bench.audit $(if $(TOWNS),--towns $(TOWNS))

.PHONY: optimum-bench
optimum-bench: $(VENV)/.test  ## What the gate hides in small towns beside the least that is as safe, written to docs/benchmarks.md (TOWNS=8 of each kind)
	$(BIN)/python -m bench.optimum $(if $(TOWNS),--towns $(TOWNS))

.PHONY: stranger-bench
stranger-bench: $(VENV)/.test  ## Disclosure control attacked from outside on 60 random cities, written to docs/benchmarks.md (half an hour)
	$(BIN)/python -m bench.stranger --cities 60 --out $(or $(OUT),stranger.jsonl) --write

.PHONY: scale-bench
scale-bench: $(VENV)/.test  ## Whole builds at five sizes, up to 10,000 areas, written to docs/benchmarks.md (SIZES=city,real for some of them)
	$(BIN)/python -m bench.scale $(if $(SIZES),--sizes $(SIZES))

.PHONY: docs
docs: $(VENV)/.test  ## The site of the documents, with the reference and the notebook run, into docs/_build/site
	$(BIN)/python -m sphinx -W -q -b html -d docs/_build/trees docs docs/_build/site
	echo "docs/_build/site/index.html"

.PHONY: same
same: $(VENV)/.test  ## Whether editions, addresses and pages are what the code of another commit makes: make same BASE=<commit>
	$(BIN)/python -m bench.same $(BASE)

.PHONY: screenshots
screenshots: $(VENV)/.test chromium  ## Pictures of the states most worth seeing, wide and narrow, into docs/screenshots/
	$(BIN)/python docs/screenshots/make.py

.PHONY: clean
clean:  ## Take away the environment and all caches; the workspace stays
	rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache *.egg-info build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# --- the environment: made anew only when a lock or pyproject.toml changes ------------------------------------------------

$(VENV)/bin/python:
	python=$$(sh requirements/python)
	echo "Making the environment in $(VENV) with $$("$$python" --version) ..."
	"$$python" -m venv --clear $(VENV) || { rm -rf $(VENV); echo "This Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.base: requirements/base.lock pyproject.toml | $(VENV)/bin/python
	sh requirements/install $(BIN)/pip requirements/base.lock
	touch $@

$(VENV)/.bench: requirements/bench.lock $(VENV)/.test
	sh requirements/install $(BIN)/pip requirements/bench.lock
	touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.base
	sh requirements/install $(BIN)/pip requirements/test.lock
	touch $@
