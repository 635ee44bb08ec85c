# Two commands matter: `make run` and `make test`. Everything is installed inside this folder.
ifndef PYTHON
PYTHON = $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
endif
UV = .uv/bin/uv
BIN = .venv/bin
READERS = tests/interop/node_modules/.package-lock.json
SWIFT = tests/s3/.venv/installed
WAPITI = tests/security/.venv/installed
LIGHTHOUSE = tests/bench/lighthouse/node_modules/.package-lock.json
ABREAST = --numprocesses=3 --dist=worksteal  # each has its own databases, server and browser
export UV_PYTHON_DOWNLOADS = never
unexport PYTHONDONTWRITEBYTECODE  # the second start should be quick

.PHONY: run test suite test-long test-interop test-security bench bench-qr bench-growth bench-scale lighthouse themes lint lock sbom translations clean

run: $(if $(filter postgres% redis% rediss% valkey% s3%,$(VCARDAPP_DATABASE_URL) $(VCARDAPP_REDIS_URL) $(VCARDAPP_STORAGE)),.venv/.server,.venv/.app)
	@exec $(BIN)/vcardapp run --with-demo

test: .venv/.dev $(READERS)
	@$(MAKE) --no-print-directory -j2 lint suite  # while one waits for a server the other works

suite:
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m pytest $(ABREAST)

test-long: .venv/.dev $(READERS) $(SWIFT)
	@$(BIN)/python -m tests.browser.chromium
	@VCARDAPP_TEST_ROUNDS=full $(BIN)/python -m pytest $(ABREAST) --durations=20
	@VCARDAPP_TEST_SERVERS=all $(BIN)/python -m pytest $(ABREAST)  # once more on PostgreSQL, Valkey and Swift alone

test-interop: .venv/.dev $(READERS)
	@$(BIN)/python -m tests.interop.debian
	@VCARDAPP_TEST_ROUNDS=full VCARDAPP_TEST_INTEROP=1 $(BIN)/python -m pytest tests/interop tests/cards/test_vcard_writer.py tests/cards/test_schema_org.py

# Attacks a running app on a throw-away folder with wapiti: as a stranger, and as an owner.
test-security: .venv/.dev $(WAPITI)
	@$(BIN)/ruff check --select S vcardapp
	@$(BIN)/python -m tests.security.scan

bench: .venv/.dev
	@$(BIN)/python -m tests.bench

bench-qr: .venv/.dev $(READERS)
	@$(BIN)/python -m tests.bench.qr

bench-growth: .venv/.dev
	@$(BIN)/python -m tests.bench.growth

# A million cards: needs some ten gigabytes of room and half an hour.
bench-scale: .venv/.dev
	@$(BIN)/python -m tests.bench.scale

# How a slow phone gets the cards; Lighthouse itself comes with its lock, Node.js with the Python packages.
lighthouse: .venv/.dev $(LIGHTHOUSE)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.bench.lighthouse

# All themes in one picture, tests/screenshots/themes.png.
themes: .venv/.dev
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.themes_sheet

lint: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy

# Locked with hashes and without the address of any package index.
lock: $(UV)
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --group dev --generate-hashes --no-emit-index-url --no-header --upgrade -q -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group build --generate-hashes --no-emit-index-url --no-header --upgrade -q -c requirements-dev.lock -o vcardapp/operations/requirements.lock
	for tools in s3 security; do (cd tests/$$tools && ../../$(UV) pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock) || exit 1; done

# What is installed, as CycloneDX, into dist/.
sbom: .venv/.app
	@$(BIN)/python -m vcardapp.operations.sbom

translations: .venv/.dev
	@$(BIN)/python -m vcardapp.translations.update

clean:
	rm -rf .venv .uv dist tests/s3/.venv tests/security/.venv tests/interop/node_modules tests/bench/lighthouse/node_modules

# With the pip that is there, which is quicker, or with one of our own; Debian's Python may have neither.
$(UV):
	@test -n "$(PYTHON)" || { echo "vcardapp needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up in .venv (once) …"
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then $(PYTHON) -m venv --without-pip .uv && \
	$(PYTHON) -m pip --python .uv/bin/python install -q --disable-pip-version-check "uv>=0.13.9"; \
	elif $(PYTHON) -m venv .uv >/dev/null 2>&1; then .uv/bin/python -m pip install -q --disable-pip-version-check "uv>=0.13.9"; \
	else echo "This Python has no pip: install it first (Debian, Ubuntu: apt install python3-venv)" >&2; rm -rf .uv; exit 1; fi

$(BIN)/python: | $(UV)
	@$(UV) venv -q --python $(PYTHON) .venv

# Once there is more than the app needs by itself it stays there: what other servers need, and the tools of the tests.
.venv/.app: requirements.lock vcardapp/operations/requirements.lock requirements-dev.lock pyproject.toml | $(BIN)/python
	@lock=requirements.lock; if [ -f .venv/.dev ]; then lock=requirements-dev.lock; elif [ -f .venv/.server ]; then \
	lock=vcardapp/operations/requirements.lock; fi; $(UV) pip sync -q $$lock
	@$(UV) pip install -q --no-deps -e .
	@test ! -f .venv/.dev || touch .venv/.dev
	@touch $@

.venv/.server: .venv/.app vcardapp/operations/requirements.lock
	@test -f .venv/.dev || $(UV) pip sync -q vcardapp/operations/requirements.lock
	@$(UV) pip install -q --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(UV) pip sync -q requirements-dev.lock
	@$(UV) pip install -q --no-deps -e .
	@touch .venv/.app $@

# Readers of contact files and of codes that are written in JavaScript.
$(READERS): tests/interop/package-lock.json | .venv/.dev
	@$(BIN)/python -m tests.interop.node

# A real server of S3, for the tests of storage.
$(SWIFT): tests/s3/requirements.lock | .venv/.dev
	@echo "Installing Swift …"
	@$(BIN)/python -m tests.s3.swift

$(WAPITI): tests/security/requirements.lock | .venv/.dev
	@echo "Installing wapiti …"
	@$(BIN)/python -c "from pathlib import Path; from tests.environments import install; install(Path('tests/security'))"

$(LIGHTHOUSE): tests/bench/lighthouse/package-lock.json | .venv/.dev
	@echo "Installing Lighthouse …"
	@cd $(<D) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel=error --no-audit --no-fund --ignore-scripts
