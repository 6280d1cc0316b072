# `make suite` turns repos.yaml into a suite; `make test` runs every check.
# Both set up $(VENV) first, on a machine that has Python 3.11 or newer and nothing else.

VENV ?= .venv
MANIFEST ?= repos.yaml
OUT ?= suite
WHEELHOUSE ?= wheelhouse
# Further options: of `hybridgym generate` for `make suite`, of `pytest` for `make test`.
ARGS ?=

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
# The first of these that runs and is new enough.
PYTHON ?= $(firstword $(foreach python,python3.11 python3.12 python3.13 python3 python,\
	$(shell $(python) -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $(python))))

BIN = $(VENV)/bin
# Touched when an installation is complete, so that an interrupted or outdated one is done again.
FOR_SUITE = $(VENV)/installed-for-suite
FOR_TEST = $(VENV)/installed-for-test

.PHONY: suite test wheelhouse coverage docs clean

suite: $(FOR_SUITE)
	$(BIN)/hybridgym generate $(MANIFEST) --out $(OUT) $(ARGS)

test: $(FOR_TEST) docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 $(ARGS)

# What checking in a container needs, to be installed there with `pip install --no-index --no-deps wheelhouse/*.whl`.
wheelhouse: $(FOR_SUITE)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(WHEELHOUSE) .
	$(BIN)/python -m pip download --quiet --no-deps --dest $(WHEELHOUSE) \
		$$($(BIN)/python -m pip freeze | grep -E '^(msgspec|tree-sitter[a-z-]*|zstandard)==')

coverage: $(FOR_TEST)
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

docs: $(FOR_TEST)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) build dist site *.egg-info

$(FOR_SUITE): setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(FOR_TEST): setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[docker,test,dev,docs]'
	$(BIN)/python -m pip install --quiet --only-binary ray --editable '.[ray]' || \
		echo 'ray could not be installed: the tests of the cluster are skipped'
	touch $@

$(BIN)/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' || { \
		echo 'hybridgym needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo '$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
