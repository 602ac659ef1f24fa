# Zhanggui (掌柜). `make demo` does the whole job on the example shop, `make test` proves it.
# Needs GNU make >= 3.81, git and Python >= 3.11 with venv. Everything lives in .venv.

PYTHON ?= python3
TORCH  ?= torch==2.13.0
EXTRAS ?=
DEMO   ?= demo-output

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help install native demo test lint format locks clean

help: ## what can be made
	@echo "Zhanggui 掌柜"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

$(VENV)/ready:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed: install it, or name one with 'make PYTHON=python3.12 ...'."; exit 2; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "Python's venv is missing: on Debian or Ubuntu run 'sudo apt-get install python3-venv', then make again."; exit 2; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/base: $(VENV)/ready locks/base.txt pyproject.toml
	@echo "Installing Zhanggui (one to three minutes the first time)"
	@$(PIP) install --quiet --require-hashes -r locks/base.txt
	@$(PIP) install --quiet --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev: $(VENV)/base locks/dev.txt
	@echo "Installing what the tests need"
	@$(PIP) install --quiet --require-hashes -r locks/dev.txt
	@touch $@

install: $(VENV)/base ## the environment; EXTRAS=train adds torch
ifneq (,$(findstring train,$(EXTRAS)))
	@$(PIP) install --quiet $(TORCH)
endif
	@echo "Ready: $(BIN)/zhanggui --help"

# The wheel stops at AVX2. What is left out is not needed here: TLS and another grammar engine.
NATIVE_FLAGS := -DLLAMA_BUILD_BORINGSSL=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_LLGUIDANCE=OFF

native: $(VENV)/base ## compile the model's runtime for this processor (ten minutes; with AVX-512 it reads prompts a third faster)
	@command -v cmake >/dev/null && command -v c++ >/dev/null || { echo "A C++ compiler and cmake are needed: on Debian or Ubuntu run 'sudo apt-get install g++ cmake', then make again."; exit 2; }
	@echo "Compiling llama.cpp for this processor"
	@sed -n '/^xllamacpp==/,/# via/p' locks/base.txt > $(VENV)/native.txt
	@CMAKE_ARGS="$(NATIVE_FLAGS)" $(PIP) install --quiet --force-reinstall --no-deps --require-hashes --no-binary xllamacpp -r $(VENV)/native.txt
	@echo "Ready: $(BIN)/zhanggui models bench shows what it gives"

demo: $(VENV)/base ## the whole job on the example shop
	@$(BIN)/zhanggui demo --out $(DEMO)

test: $(VENV)/dev ## every test but the slow ones; the small model is fetched for the live ones
	@$(BIN)/zhanggui models pull qwen2.5-coder-0.5b || test "$$ZHANGGUI_REQUIRE_LIVE" != 1
	@$(BIN)/python -m pytest -q -m "not slow" $(ARGS)

lint: $(VENV)/dev ## ruff, mypy --strict, import layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev ## ruff's formatter and fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

locks: ## pins again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --quiet -o locks/base.txt
	uv pip compile pyproject.toml --group dev -c locks/base.txt --universal --python-version 3.11 --generate-hashes --no-header --quiet -o locks/dev.txt

clean: ## removes what was made, keeps the weights
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
