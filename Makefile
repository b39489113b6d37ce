# One virtual environment in .venv, from the locked versions; nothing outside this folder is touched.

# A Python that the shell has set up for something else must not reach into ours.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

BIN := .venv/bin
READY := .venv/.ready
UV_VERSION := 0.13.9
# Words for the command behind a target: make run ARGS="--home /srv/nhacviec"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench soak lock clean

help:  ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

setup: $(READY)  ## Build .venv from the locked versions (again only when they change)

demo: $(READY)  ## Try it: a page on this machine, a simulated clock, nothing to configure
	$(BIN)/nhacviec demo $(ARGS)

run: $(READY)  ## The bot, on every channel that has a token
	$(BIN)/nhacviec run $(ARGS)

test: $(READY)  ## All tests, a file at a time on each core
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(READY)  ## Lint, format, types, floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict bot
	$(BIN)/lint-imports

bench: $(READY)  ## Measure, each figure beside its peer's
	$(BIN)/python -m tests.bench $(ARGS)

soak: $(READY)  ## A wave of 2,000 at the limits of the network, beside the library's own limiter
	$(BIN)/python -m tests.soak $(ARGS)

$(READY): pyproject.toml requirements-dev.txt
	@set -e; \
	if [ -n "$(PYTHON)" ]; then choices="$(PYTHON)"; else choices="python3.13 python3.12 python3.11 python3"; fi; \
	found=""; \
	for python in $$choices; do \
	  if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Nhac Viec needs Python 3.11 or newer with its venv module; none of these has it: $$choices." >&2; \
	  echo "Debian, Ubuntu:  sudo apt-get install python3 python3-venv" >&2; \
	  echo "Fedora:          sudo dnf install python3" >&2; \
	  echo "macOS:           brew install python@3.13" >&2; \
	  echo "Another place:   make setup PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  echo "Building .venv with $$found ..."; \
	  rm -rf .venv; $$found -m venv .venv; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Keeps what is locked unless pyproject.toml asks for more; ARGS=--upgrade takes the newest.
UV_COMPILE = .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra postgres

lock: $(READY)  ## Lock the versions again (ARGS=--upgrade: newer ones)
	@test -x .venv-lock/bin/uv || $(BIN)/python -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV_COMPILE) $(ARGS) -o requirements.txt
	$(UV_COMPILE) $(ARGS) --group dev -c requirements.txt -o requirements-dev.txt

clean:  ## Remove .venv and the tools' caches
	rm -rf .venv .venv-lock .venv-bench .venv-bench-pandas .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
