# Everything starts from nothing: .venv is made and filled when it is needed, and again only when what is installed changes.

# The interpreter that .venv is made of: make test PYTHON=python3.13
FITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c '$(FITS)' >/dev/null 2>&1 && echo "$$p" && break; done) python3)

# What else `serbench run` is told: make run ARGS="order -c orjson,msgpack"
ARGS ?=

BIN := .venv/bin
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Three, though two cores may be all there are: many tests wait for processes and browsers.
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

.NOTPARALLEL:
.PHONY: help run test thorough coverage lint bench payloads clean

help: ## say what there is
	@awk -F ' *## ' '/^[a-z]+:.* ## / { sub(/:.*/, "", $$1); printf "make %-10s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(INSTALLED) ## measure the default suite; the report is reports/latest/index.html
	$(BIN)/serbench run $(ARGS)

test: lint ## lint, then all tests, modules side by side
	$(PYTEST)

thorough: $(INSTALLED_DEV) ## the checks of codecs on every kind of bad codec, and many more made-up examples: takes minutes
	$(PYTEST) -m 'thorough or hypothesis' --hypothesis-profile thorough

coverage: $(INSTALLED_DEV) ## all tests again, with what they cover
	$(PYTEST) --cov --cov-report=term

lint: $(INSTALLED_DEV) ## style, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(INSTALLED_DEV) ## the harness measured against its peers, then the pytest-benchmark suite
	set -e; for script in benchmarks/bench_*.py; do $(BIN)/python "$$script"; done
	$(BIN)/pytest benchmarks

payloads: $(INSTALLED_DEV) ## write payloads/*/schema.proto again from the schemas
	$(BIN)/python -m serbench.payloads.write

clean: ## remove .venv, caches and what was built; runs in reports/ stay
	rm -rf .venv build dist src/*.egg-info src/serbench/worker/*.so .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml setup.py constraints.txt src/serbench/worker/_sampler.c | $(BIN)/pip
	$(INSTALL) --editable .
	@touch $@

$(INSTALLED_DEV): pyproject.toml setup.py constraints.txt src/serbench/worker/_sampler.c | $(BIN)/pip
	$(INSTALL) --editable '.[all,dev]'
	@touch $(INSTALLED) $@

$(BIN)/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'serbench needs Python 3.11 or newer, which "$(PYTHON)" is not; name one: make PYTHON=python3.13' >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo '"$(PYTHON)" cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
