# Two commands: `make gate` runs every failure scenario, `make test` runs the project's own tests.
# Run `make check` before a commit: it takes seconds and starts no server.

PYTHON ?= python3
BIN := .venv/bin
# The set-up runs again only when the packages to install have changed.
SET_UP := .venv/.set-up

.PHONY: gate test check lint format docs schemas pins clean

gate: $(SET_UP)
	$(BIN)/harness gate $(ARGS)

test: $(SET_UP)
	$(BIN)/pytest -n auto $(ARGS)

check: lint
	$(BIN)/pytest -q tests/unit

lint: $(SET_UP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(SET_UP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The documentation as a site, in site/; a link that leads nowhere ends it. Apart, as the generator pins what we use, too.
docs: .venv-docs/.set-up
	.venv-docs/bin/zensical build --strict --clean

.venv-docs/.set-up: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-docs
	PIP_CONSTRAINT=constraints.txt .venv-docs/bin/python -m pip install --quiet --disable-pip-version-check zensical
	touch $@

$(SET_UP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fast]'
	touch $@

# Write the JSON schemas of what commands print and write, after a change of its types.
schemas: $(SET_UP)
	$(BIN)/python -m harness.commands._schemas docs/reference

# Pin the newest versions that pyproject.toml allows.
pins:
	rm -rf .venv-pins
	$(PYTHON) -m venv .venv-pins
	.venv-pins/bin/python -m pip install --quiet --upgrade --editable '.[dev,fast]' hatchling zensical
	{ sed -n '/^#/p' constraints.txt; .venv-pins/bin/python -m pip freeze --exclude-editable; } > constraints.txt.new
	mv constraints.txt.new constraints.txt
	rm -rf .venv-pins

clean:
	rm -rf .venv .venv-docs .venv-pins .venv-lowest site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
