# Every target first installs what it needs, so that each may be the first one typed.
SHELL := /bin/bash
VENV  := .venv
PY    := $(VENV)/bin/python
STAMP := $(VENV)/.installed

# Compiled modules are kept, whatever the machine's habit: everything that is started here starts faster.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install demo run migrate test test-every check check-exports sbom audit licences data-map rehearse rehearse-workers rehearse-nginx bench faults chromium clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(STAMP) ## the environment alone, in .venv

# A bare Debian has python3 without venv; then, and only then, Debian's package is asked for.
$(VENV)/bin/uv:
	@python3 -c 'import sys; sys.exit("Cairn needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@python3 -m venv $(VENV) >/dev/null 2>&1 || { bash scripts/debian-install.sh python3-venv && rm -rf $(VENV) && python3 -m venv $(VENV); }
	@$(PY) -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(STAMP): uv.lock pyproject.toml | $(VENV)/bin/uv
	@VIRTUAL_ENV=$(VENV) UV_PROJECT_ENVIRONMENT=$(VENV) $(VENV)/bin/uv sync --quiet --frozen --inexact --compile-bytecode --python $(PY)
	@touch $@

demo: $(STAMP) ## sandbox and bot together, with the demo company, on http://localhost:8080
	@$(PY) -m scripts.demo

run: $(STAMP) ## the bot alone, from the environment or .env
	@$(PY) -m bot serve

migrate: $(STAMP) ## bring the database up to date
	@$(PY) -m bot migrate

chromium: $(STAMP) ## a browser for the tests, and the library its driver needs
	@{ command -v chromium && /sbin/ldconfig -p | grep libatomic.so.1; } >/dev/null || \
		bash scripts/debian-install.sh chromium fonts-noto-cjk fonts-noto-color-emoji libatomic1

test: $(STAMP) chromium ## every test, in a browser and on PostgreSQL too
	@$(PY) -m pytest -n auto

test-every: $(STAMP) chromium ## the same, on PostgreSQL every case of every story, and examples drawn anew: for every night
	@EVERY_CASE=1 $(PY) -m pytest -n auto

check: $(STAMP) ## the quality gate: style, types, rooms, coverage
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m pytest -n auto -m 'not browser' --cov --cov-report=term --cov-fail-under=90 -q
	@$(MAKE) --no-print-directory sbom audit

sbom: $(STAMP) ## what Cairn is built on, from uv.lock, as var/sbom.json (CycloneDX 1.5)
	@mkdir -p var
	@$(VENV)/bin/uv export --quiet --frozen --no-dev --preview-features sbom-export --format cyclonedx1.5 -o var/sbom.json
	@echo 'var/sbom.json written.'

# uv ends with 1 when it found something, and with 2 when it could not ask: a check without a network goes on, and says so.
audit: $(STAMP) ## known vulnerabilities of what uv.lock names, asked of osv.dev
	@$(VENV)/bin/uv audit --frozen --no-dev --preview-features audit; status=$$?; \
		if [ $$status -eq 2 ]; then echo 'The audit was not made: osv.dev cannot be reached.'; else exit $$status; fi

licences: $(STAMP) ## the licences of what Cairn needs to run, as docs/licences.md
	@$(PY) -m scripts.licences

data-map: $(STAMP) ## what the database holds, of whom and for how long, as docs/data-map.md
	@$(PY) -m scripts.data_map

# A hundred megabytes that no test needs: the tests read the same files back with a library.
check-exports: $(STAMP) ## exported tables opened in LibreOffice, which is installed for it
	@command -v soffice >/dev/null || bash scripts/debian-install.sh libreoffice-calc-nogui
	@$(PY) -m scripts.check_exports

rehearse: $(STAMP) ## a whole quarter lived by simulated people, with a report
	@$(PY) -m scripts.rehearse

rehearse-workers: $(STAMP) ## the same with four workers on PostgreSQL, restarted in turn all the while
	@$(PY) -m scripts.rehearse --workers 4 --rolling-restart

rehearse-nginx: $(STAMP) ## the same with two workers behind nginx, with the settings of deploy/nginx.conf
	@{ command -v nginx || test -x /usr/sbin/nginx; } >/dev/null || bash scripts/debian-install.sh nginx
	@$(PY) -m scripts.rehearse --workers 2 --rolling-restart --proxy nginx

bench: $(STAMP) ## measurements, as ratios within one run
	@$(PY) -m tests.bench

faults: $(STAMP) ## every fault a hundred times: what is lost, doubled, late or stuck
	@$(PY) -m tests.faults

clean: ## forget the environment and what the demo wrote
	@rm -rf $(VENV) var
