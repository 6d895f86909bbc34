# Two commands: `make gate` runs every failure scenario, `make test` the project's own tests.
# `make check` is what one runs before a commit: seconds, no server.

PYTHON ?= python3
BIN := .venv/bin
# Set-up is repeated when what is to be installed has changed, and at no other time.
SET_UP := .venv/.set-up

.PHONY: gate test check format pins clean

gate: $(SET_UP)
	$(BIN)/harness gate $(ARGS)

test: $(SET_UP)
	$(BIN)/pytest $(ARGS)

check: $(SET_UP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/unit

format: $(SET_UP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(SET_UP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fast]'
	touch $@

# Take the newest versions that pyproject.toml allows, and pin them.
pins:
	rm -rf .venv-pins
	$(PYTHON) -m venv .venv-pins
	.venv-pins/bin/python -m pip install --quiet --upgrade --editable '.[dev,fast]' hatchling
	{ sed -n '/^#/p' constraints.txt; .venv-pins/bin/python -m pip freeze --exclude-editable; } > constraints.txt.new
	mv constraints.txt.new constraints.txt
	rm -rf .venv-pins

clean:
	rm -rf .venv .venv-pins .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
