# `make help` lists what there is. A fresh machine needs python3.11 or newer and make, nothing else:
# every target that needs the environment makes it first, keyed on the content of requirements.lock.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready-$(shell cksum < requirements.lock | cut -d' ' -f1)
SPARK_READY := $(VENV)/.spark-ready-$(shell cksum < requirements-spark.lock | cut -d' ' -f1)

# Given on the command line, these win over the environment and .env.
ifdef LANDING
export WAREHOUSE_LANDING_DIR := $(LANDING)
endif
ifdef DATA
export WAREHOUSE_DATA_DIR := $(DATA)
endif
ifdef AS_OF
export WAREHOUSE_AS_OF := $(AS_OF)
endif

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export PYTHONUTF8 := 1
export PYTHONUNBUFFERED := 1

.PHONY: help setup run refresh close closed review mf ui test oracle lint format bench dashboard docs lock chromium \
	postgresql snapshots rollback spark test-spark java

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make refresh LANDING=<folder> DATA=<folder> AS_OF=<instant>   the main job on your own files"
	@echo "  make rollback SNAPSHOT=<id>                                   to that snapshot"
	@echo "  make test TESTS=tests/house                                   part of the tests"

setup: $(READY) ## the Python environment in .venv, exactly as requirements.lock says

$(READY): requirements.lock
	@python=$$(for candidate in python3.11 python3.12 python3.13 python3.14 python3; do \
	    "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	        2>/dev/null && echo "$$candidate" && break; done); \
	if [ -z "$$python" ]; then \
	    echo "No Python 3.11 or newer with venv was found. Install python3.11 (on Debian also" \
	        "python3.11-venv) and run the same command again." >&2; exit 1; fi; \
	echo "Setting up .venv with $$("$$python" --version): under a minute, once ..."; \
	rm -rf $(VENV); "$$python" -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
	    --require-hashes -r requirements.lock
	@$(PY) -m compileall -q -j 0 $(VENV)/lib || true
	@touch $@
	@echo "Set up."

run: $(READY) ## simulate a small company into an empty landing zone, then refresh
	@$(PY) -m orchestration run

refresh: $(READY) ## landing zone to published marts and reviews; FULL=1 builds all, FROM= TO= some days
	@$(PY) -m orchestration refresh $(if $(FULL),--full) $(if $(FROM),--from-on $(FROM)) \
	    $(if $(TO),--to-on $(TO))

snapshots: $(READY) ## published snapshots that are kept, and the current one
	@$(PY) -m orchestration snapshots

rollback: $(READY) ## readers back to the snapshot before the current one
	@$(PY) -m orchestration rollback $(SNAPSHOT)

close: $(READY) ## a month or quarter stays as it is published: PERIOD=2026-Q1
	@$(PY) -m orchestration close $(PERIOD) $(if $(EARLY),--early)

closed: $(READY) ## the closed months and quarters; VERIFY=1 reads every byte again
	@$(PY) -m orchestration closed $(if $(VERIFY),--verify)

review: $(READY) ## write one review, a closed one from its copy: PERIOD=2026-03
	@$(PY) -m orchestration review $(PERIOD)

mf: $(READY) ## MetricFlow on the published marts: RUN="query --metrics k04 --group-by metric_time__month"
	@$(PY) -m orchestration mf $(or $(RUN),list metrics)

ui: $(READY) ## Dagster in the browser, with this data folder's runs
	@$(PY) -m orchestration ui

test: $(READY) chromium postgresql ## every test
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --no-loadscope-reorder $(TESTS)

chromium:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installing Chromium: the tests open the reviews in a browser ..."; \
	        (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
	            --no-install-recommends chromium fonts-dejavu-core) >/tmp/chromium-install.log 2>&1 \
	            || { tail -n 20 /tmp/chromium-install.log >&2; exit 1; }; \
	    else \
	        echo "The tests open the reviews in a browser and found none: install chromium" \
	            "(Debian, Ubuntu: sudo apt-get install chromium) and run make test again." >&2; \
	        exit 1; \
	    fi; \
	fi

postgresql:
	@if ! command -v postgres >/dev/null && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; \
	then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installing PostgreSQL: the tests publish to a server of their own ..."; \
	        (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
	            --no-install-recommends postgresql) >/tmp/postgresql-install.log 2>&1 \
	            || { tail -n 20 /tmp/postgresql-install.log >&2; exit 1; }; \
	    else \
	        echo "The tests publish to a PostgreSQL of their own and found none: install postgresql" \
	            "(Debian, Ubuntu: sudo apt-get install postgresql) and run make test again." >&2; \
	        exit 1; \
	    fi; \
	fi

spark: $(SPARK_READY) java ## the second engine beside DuckDB in .venv, as requirements-spark.lock says

$(SPARK_READY): $(READY) requirements-spark.lock
	@echo "Installing Spark: 400 MB, once ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
	    --require-hashes -r requirements-spark.lock
	@touch $@

java:
	@if ! java -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])'; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installing Java 17: Spark runs on it ..."; \
	        (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
	            --no-install-recommends openjdk-17-jre-headless) >/tmp/java-install.log 2>&1 \
	            || { tail -n 20 /tmp/java-install.log >&2; exit 1; }; \
	    else \
	        echo "Spark needs Java 17 or newer and found none: install openjdk-17-jre-headless" \
	            "(Debian, Ubuntu: sudo apt-get install openjdk-17-jre-headless) and run the same" \
	            "command again." >&2; \
	        exit 1; \
	    fi; \
	fi

test-spark: spark ## every model on Spark, row by row as DuckDB's, and a cluster that loses a worker
	@$(PY) -m pytest $(or $(TESTS),tests/spark)

oracle: $(READY) ## care facts and KPIs of 2,400 made-up companies, computed a second time
	@ORACLE_PROFILE=full $(PY) -m pytest tests/oracle

lint: $(READY) ## style of Python and SQL
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/sqlfmt --check --quiet --no-progressbar models dbt_project

format: $(READY) ## rewrite Python and SQL in that style
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format --quiet .
	@$(VENV)/bin/sqlfmt --quiet --no-progressbar models dbt_project

bench: $(READY) ## time the whole job on simulated exports: SIZE=100k (default), 1m, 10m
	@$(PY) -m benchmarks --size $(or $(SIZE),100k)

dashboard: $(READY) ## the dashboard as a file for Superset: URI=duckdb:////<folder>/kpi_marts.duckdb
	@$(PY) -m bi.superset.bundle "$(URI)"

docs: $(READY) ## the page of all KPIs; every model, column and test as one page
	@$(PY) docs/build_kpis.py
	@$(PY) -m orchestration docs

lock: $(READY) ## pin requirements*.in again, for every platform and Python from 3.11
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras \
	    --generate-hashes --no-header requirements.in -o requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras \
	    --generate-hashes --no-header --constraints requirements.lock requirements-spark.in \
	    -o requirements-spark.lock
