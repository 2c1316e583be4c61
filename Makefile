# The project's commands. Each makes `.venv` with the project in it when that is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
FOR_DEMO := .venv/for-demo
FOR_TESTS := .venv/for-tests

.PHONY: demo test growth lint check coverage bench lock clean

demo: $(FOR_DEMO)
	$(BIN)/precedent demo

test: $(FOR_TESTS)
	./.ci/install-for-tests
	$(BIN)/python -m pytest --numprocesses logical --dist worksteal

# Apart: it measures time, and needs the machine for itself for some minutes.
growth: $(FOR_TESTS)
	$(BIN)/python -m pytest --numprocesses logical --dist worksteal -m growth tests/core/test_growth.py

lint: $(FOR_TESTS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

check: lint test coverage

# In a step of its own: tracing slows a run, and tests/core/test_growth.py measures time.
coverage: $(FOR_TESTS)
	$(BIN)/python -m pytest --numprocesses logical --dist worksteal --cov=bot/core tests/core tests/features --ignore tests/core/test_growth.py

bench: $(FOR_TESTS)
	$(BIN)/python -m bench

# What pip says is the progress. The set for tests holds the set for the demo.
define install
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Precedent needs Python 3.11 or newer"'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what $(1) names into .venv"
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(FOR_DEMO)
endef

$(FOR_DEMO): pyproject.toml requirements-demo.lock
	$(call install,requirements-demo.lock)

$(FOR_TESTS): pyproject.toml requirements-dev.lock
	$(call install,requirements-dev.lock)
	touch $(FOR_TESTS)

# Hashes, no addresses: whoever installs chooses the registry. What two locks name has one version in both.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras
lock: $(FOR_TESTS)
	$(LOCK) --upgrade pyproject.toml --extra demo --extra openai --extra test --group build -o requirements-dev.lock
	$(LOCK) -c requirements-dev.lock pyproject.toml --extra demo --group build -o requirements-demo.lock
	$(LOCK) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .demo
