# All one needs to know: make run | test | check | bench | assets | lock | reset
# Nothing is written outside this folder; what is set up stands in .venv, what is downloaded in .cache.

PYTHON ?= python3
PY := .venv/bin/python
export XDG_CACHE_HOME := $(CURDIR)/.cache
export npm_config_cache := $(CURDIR)/.cache/npm
export PYTHONUNBUFFERED := 1

.PHONY: run test check bench assets lock reset ready ready-for-tests

run: ready
	@$(PY) manage.py portal --stop-with-make

test: ready-for-tests assets
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: ready-for-tests assets
	@$(PY) check.py

bench: ready-for-tests assets
	@$(PY) -m bench.run $(ARGS)

assets: ready
	@$(PY) -m certportal.assets

# Refreshes the hashed locks from the readable requirements; they hold no address.
lock: ready-for-tests
	@.venv/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		requirements.txt -o requirements.lock
	@.venv/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-c requirements.lock requirements-dev.txt -o requirements-dev.lock

# Forgets the demonstration: its people, mail, papers and passwords.
reset:
	@rm -rf var
	@echo "var/ is gone; make run begins a new demonstration."

ready:
	@$(PYTHON) bootstrap.py

ready-for-tests:
	@$(PYTHON) bootstrap.py tests
