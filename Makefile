# TalkingEyes: `make demo` makes a page with living eyes; `make test` installs the test needs and runs every test.
# Needs Python 3.11 or newer with pip and a package registry; nothing else (the viewer's source needs Node, see `viewer`).

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3 || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_WORKERS ?= 2
SAMPLE := src/talkingeyes/assets/sample.opus
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Most modules of torch and others are never imported: those that are, are compiled then.
PIP_QUIET := -q --no-compile

.DEFAULT_GOAL := help
.PHONY: help demo docs fuzz test pipecat lint format types viewer avatar blender-addon bench package clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: $(VENV)/.installed ## animate the bundled recording into demo.html
	$(BIN)/talkingeyes animate $(SAMPLE) --takes 3 --seed 1 -o demo.html
	@$(BIN)/python -c "import pathlib; print('Open it in a browser:', pathlib.Path('demo.html').resolve().as_uri())"

test: $(VENV)/.installed-test ## install the test needs and run every test
	$(BIN)/python -m pytest -rs -n $(PYTEST_WORKERS) --dist loadgroup --no-loadscope-reorder $(PYTEST_ARGS)

pipecat: .venv-pipecat/.installed ## test the Pipecat processor in an environment of its own (its protobuf 6 does not go with MediaPipe's 4)
	.venv-pipecat/bin/python -m pytest -rs tests/live/test_pipecat.py

fuzz: $(VENV)/.installed-test ## try damaged inputs on the commands (COUNT=50000 SEED=1; docs/reliability.md)
	$(BIN)/python -m tests.fuzz.runner $(or $(COUNT),50000) $(or $(SEED),1)

docs: .venv-docs/.installed ## the site, into site/; broken links and pages without a place stop it
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict
	@echo "site/index.html"

.venv-docs/.installed: requirements/docs.txt
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install $(PIP_QUIET) -r requirements/docs.txt
	touch $@

lint: $(VENV)/.installed-test ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.installed-test ## apply the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.installed-test ## check types
	$(BIN)/pyright

viewer: ## check and build the page's source (viewer/, needs Node 20) into the package
	cd viewer && npm ci --no-audit --no-fund && npm run check

avatar: $(VENV)/.installed-test ## build the avatar's asset from its scripts
	$(BIN)/python scripts/build_avatar.py

blender-addon: ## build the Blender add-on: dist/talkingeyes_blender.zip
	$(PYTHON) scripts/build_blender_addon.py dist/talkingeyes_blender.zip

bench: $(VENV)/.installed-test ## measure speed and memory (docs/benchmarks.md)
	$(BIN)/python benchmarks/speed.py --long --install

package: $(VENV)/.installed-test ## build the wheel and the sdist and try the wheel in a clean environment
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	scripts/check_wheel.sh dist $(PYTHON)

clean: ## remove what was built here (not the environment)
	rm -rf dist build site demo.html .pytest_cache .ruff_cache .hypothesis

# An environment without pip (a Python without ensurepip, as on some Debian machines) borrows the outer pip.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "TalkingEyes needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) >/dev/null || \
	  { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install -q pip; }
	@touch $@

.venv-pipecat/.installed: pyproject.toml requirements/pipecat.txt
	$(PYTHON) -m venv .venv-pipecat
	.venv-pipecat/bin/python -m pip install $(PIP_QUIET) -e . -r requirements/pipecat.txt
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install $(PIP_QUIET) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml requirements/test.txt | $(VENV)/.made
	$(BIN)/python -m pip install $(PIP_QUIET) -r requirements/test.txt -e .
	@touch $@ $(VENV)/.installed
