# Two commands matter: `make run` and `make test`. Everything is installed inside this folder.
PYTHON ?= python3
export UV_PYTHON_DOWNLOADS = never
UV = .uv/bin/uv
BIN = .venv/bin

.PHONY: run test test-long bench lint lock translations clean

run: .venv/.app
	@exec $(BIN)/vcardapp run --with-demo

test: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m pytest

test-long: .venv/.dev
	@$(BIN)/python -m tests.browser.chromium
	@VCARDAPP_TEST_ROUNDS=full $(BIN)/python -m pytest --durations=20

bench: .venv/.dev
	@$(BIN)/python -m tests.bench

lint: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy

# Locked with hashes and without the address of any package index.
lock: $(UV)
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q -o requirements.lock
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --group dev --generate-hashes --no-emit-index-url --no-header --upgrade -q -c requirements.lock -o requirements-dev.lock

translations: .venv/.dev
	@$(BIN)/python -m vcardapp.translations.update

clean:
	rm -rf .venv .uv dist

$(UV):
	@$(PYTHON) -m venv .uv 2>/dev/null || { $(PYTHON) -m venv --without-pip .uv && NOPIP=1; }; \
	if [ -x .uv/bin/pip ]; then .uv/bin/pip install -q --disable-pip-version-check "uv>=0.13.9"; \
	else $(PYTHON) -m pip --python .uv/bin/python install -q "uv>=0.13.9"; fi

.venv/bin/python: | $(UV)
	@$(UV) venv -q --python $(PYTHON) .venv

.venv/.app: requirements.lock pyproject.toml | .venv/bin/python
	@test -f .venv/.dev || $(UV) pip sync -q requirements.lock
	@test -f .venv/.dev || $(UV) pip install -q --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(UV) pip sync -q requirements-dev.lock
	@$(UV) pip install -q --no-deps -e .
	@touch $@ .venv/.app
