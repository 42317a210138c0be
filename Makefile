# Every command of the project; `make` alone lists them. What is costly to make is kept outside the checkout, in $(HABIT_CACHE).
SHELL := /bin/bash
.DEFAULT_GOAL := help
export HABIT_CACHE ?= $(HOME)/.cache/habit-tracker
ifeq ($(CI),true)
export CARGO_TARGET_DIR ?= $(HABIT_CACHE)/target
endif
export PATH := $(HABIT_CACHE)/cargo-tools/bin:$(HABIT_CACHE)/kube:$(PATH)
CLUSTER_BIN := e2e/cluster

# Postgres and Redis of the tests and of `make dev`: e2e/local/stores starts them.
HABIT_PG_PORT ?= 54329
HABIT_REDIS_PORT ?= 63799
STORES = DATABASE_URL=postgres://postgres@127.0.0.1:$(HABIT_PG_PORT)/habits REDIS_URL=redis://127.0.0.1:$(HABIT_REDIS_PORT)
PREPARED = postgres://postgres@127.0.0.1:$(HABIT_PG_PORT)/habits_prepared
# What the journey needs to know of the cluster and its images.
ON_CLUSTER = KUBECONFIG=$$($(CLUSTER_BIN)/cluster kubeconfig) KUBEBUILDER_ASSETS=$(HABIT_CACHE)/kube HABIT_VERSION=$$($(CLUSTER_BIN)/images/build release)
# Where cargo puts programs.
BUILT = $(or $(CARGO_TARGET_DIR),target)
# Builds read the query data that is committed; `make check` holds it against a real database.
export SQLX_OFFLINE := true

##@ Try it

.PHONY: up
up: ## Everything from nothing: tools, cluster, images, chart, a sample deployment with a chat page. TELEGRAM_BOT_TOKEN=... for a real bot
	@$(CLUSTER_BIN)/up

.PHONY: down
down: cluster-down ## End the cluster; the data in it goes

.PHONY: demo
demo: cluster-up cluster-images ## Play the journey on the local cluster, for people to watch (about 5 minutes)
	@$(ON_CLUSTER) \
	  cargo test --quiet --package e2e --test journey -- --nocapture

.PHONY: dev
dev: stores ## The same programs as local processes with a chat page, no Kubernetes; Enter builds and starts again
	@e2e/local/dev

.PHONY: install
install: ## Install the operator with helm into the cluster that kubectl points to
	helm upgrade --install habit-tracker charts/habit-tracker --namespace habit-tracker-system --create-namespace --wait

.PHONY: logs
logs: ## Follow the logs of all pods of the sample deployment
	@KUBECONFIG=$$($(CLUSTER_BIN)/cluster kubeconfig) kubectl logs --namespace habits --follow --prefix --max-log-requests 20 --tail 20 \
	  --selector app.kubernetes.io/name=habit-tracker

.PHONY: rebuild
rebuild: up ## Build the programs again and roll the sample deployment onto them

##@ Tell whether a change is good

.PHONY: check
check: tools lint format-check deny spelling shell faults chart generated sqlx-check ## Lint, format, dependencies, spelling, named tests, chart, generated files fresh

.PHONY: test
test: tools stores ## All that a change must pass: units, real stores, a real API server, the contract, the journey on a real cluster
	$(STORES) KUBEBUILDER_ASSETS=$(HABIT_CACHE)/kube cargo nextest run --workspace --filter-expr 'not binary(journey)'
	@e2e/contract/run
	@$(CLUSTER_BIN)/cluster up
	@$(MAKE) --no-print-directory cluster-images journey

.PHONY: proof
proof: tools stores ## The long proof, for nights (hours; goes on where it was interrupted): mutants, many seeds, many requests, a million habits. PART="rules seeds" runs these alone
	@$(CLUSTER_BIN)/cargo-tools cargo-mutants
	$(STORES) e2e/proof/run $(PART)

.PHONY: contract
contract: tools stores ## Hold the running api to its OpenAPI document (schemathesis), with good requests and bad ones
	@e2e/contract/run

.PHONY: journey
journey: # the end-to-end test alone, on a cluster that runs
	$(ON_CLUSTER) \
	  cargo nextest run --workspace --filter-expr 'binary(journey)' --no-capture

.PHONY: check-all
check-all: check test ## Both

.PHONY: screenshots
screenshots: tools stores ## Write the pictures of the README anew, out of the journey in a browser
	SCREENSHOTS=$(CURDIR)/docs/images $(STORES) cargo nextest run --package bot --filter-expr 'test(chat_page::)'

.PHONY: test-cov
test-cov: tools ## Line coverage of the rules by their own tests; fails below 95 %
	@$(CLUSTER_BIN)/cargo-tools cargo-tarpaulin
	cargo tarpaulin --engine ptrace --packages habits --include-files 'lib/habits/src/*' --exclude-files '*/tests.rs' '*/tests/*' --out stdout --fail-under 95

.PHONY: bench-api
bench-api: ## How fast the api is, beside pgbench with the same SQL (about 10 minutes after the build); writes docs/performance.md. QUICK=1 only looks
	@$(CLUSTER_BIN)/install-packages test bench
	nice cargo build --release --package api
	cargo run --quiet --package bench -- api --api $(BUILT)/release/api $(if $(QUICK),--quick,--write docs/performance.md)

.PHONY: bench-bot
bench-bot: ## The bot's memory with 10,000 dialogues, taps at 100 a second, 50 restarts under them (about 6 minutes after the build); writes docs/performance.md. QUICK=1 only looks
	@$(CLUSTER_BIN)/install-packages test bench
	nice cargo build --release --package api --package bot
	cargo run --quiet --package bench -- bot --api $(BUILT)/release/api --bot $(BUILT)/release/bot $(if $(QUICK),--quick,--write docs/performance.md)

.PHONY: bench-scale
bench-scale: ## 1,000,000 habits: no hot statement reads a whole table, and 144,000 streaks end in time (about 3 minutes after the build)
	@$(CLUSTER_BIN)/install-packages test bench
	nice cargo build --release --package api
	cargo run --quiet --package bench -- scale --api $(BUILT)/release/api

.PHONY: lint
lint: ## Clippy, warnings are errors
	cargo clippy --workspace --all-targets -- --deny warnings

.PHONY: lint-fix
lint-fix: ## Let clippy mend what it can
	cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged

.PHONY: format
format: ## Format the code
	cargo fmt --all

.PHONY: format-check
format-check: ## Fail where the code is not formatted
	cargo fmt --all --check

.PHONY: types
types: ## Type-check everything, the fastest look
	cargo check --workspace --all-targets

.PHONY: deny
deny: # licences, sources, and advisories where their database can be reached
	cargo deny --log-level error check --hide-inclusion-graph bans licenses sources
	@if timeout 20 git ls-remote --quiet --exit-code https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then \
	  cargo deny --log-level error check --hide-inclusion-graph advisories; \
	else echo "advisories: NOT checked, RustSec's database cannot be reached from here"; fi

.PHONY: spelling
spelling: # typos
	typos

.PHONY: shell
shell: # shell scripts
	shellcheck .ci/run $$(git grep --files-with-matches --extended-regexp '^#!/usr/bin/env bash' -- ':!*.md' ':!*.rs')

.PHONY: faults
faults: # each fault in docs/faults.md names tests that are there
	@if grep --extended-regexp '^\| [^f-]' docs/faults.md | grep --invert-match '](\.\./'; then \
	  echo "docs/faults.md: name the test that holds this fault off" >&2; exit 1; fi
	@sed 's/\[`/\n&/g' docs/faults.md | sed --quiet --regexp-extended 's/^\[`(\w+)`\]\(\.\.\/([^)]+)\).*/\1 \2/p' | while read -r test file; do \
	  grep --quiet "fn $$test(" "$$file" || { echo "docs/faults.md: $$file has no test $$test; name the one that holds this fault off" >&2; exit 1; }; done

.PHONY: chart
chart: # the chart, with its defaults
	helm lint --quiet charts/habit-tracker
	helm template habit-tracker charts/habit-tracker >/dev/null

.PHONY: generated
generated: # the chart's custom resource definitions
	cargo run --quiet --package crds --bin crdgen
	git diff --exit-code -- charts/habit-tracker/templates/crds

##@ Database

.PHONY: stores
stores: ## Start Postgres and Redis as local processes, for tests and `make dev`
	@$(CLUSTER_BIN)/install-packages
	@e2e/local/stores up

.PHONY: migrate
migrate: stores ## Bring the local database to the newest schema
	$(STORES) cargo run --quiet --package operator -- migrate

.PHONY: revision
revision: ## Begin a migration: make revision NAME=add_pauses
	@test -n "$(NAME)" || { echo "NAME is missing: make revision NAME=add_pauses" >&2; exit 2; }
	cargo sqlx migrate add --timestamp $(NAME)

.PHONY: sqlx-database
sqlx-database: stores
	@cargo sqlx database reset -y --force --source migrations --database-url $(PREPARED)

.PHONY: sqlx-prepare
sqlx-prepare: sqlx-database ## Write lib/store/.sqlx anew, after a change of a query or a migration
	cd lib/store && SQLX_OFFLINE=false cargo sqlx prepare --database-url $(PREPARED) -- --all-targets

.PHONY: sqlx-check
sqlx-check: sqlx-database # the committed query data against a real database
	cd lib/store && SQLX_OFFLINE=false cargo sqlx prepare --check --database-url $(PREPARED) -- --all-targets

.PHONY: generate
generate: sqlx-prepare ## Write every generated file anew
	cargo run --quiet --package crds --bin crdgen

##@ Cluster and images

.PHONY: cluster-up
cluster-up: cluster-tools ## Start or repair the cluster. CLUSTER=local|kind
	@$(CLUSTER_BIN)/cluster up

.PHONY: cluster-down
cluster-down: ## End the cluster; the data in it goes
	@$(CLUSTER_BIN)/cluster down

.PHONY: images
images: cluster-tools ## Build the images of the local cluster that have changed
	@$(CLUSTER_BIN)/images/build

.PHONY: cluster-images
cluster-images: images # build, and give the node what it does not have
	@$(CLUSTER_BIN)/cluster load

##@ Tools

.PHONY: tools
tools: ## Install Debian packages and build the pinned tools, those that are missing (cold about 25 minutes on 2 cores)
	@$(CLUSTER_BIN)/install-packages
	@$(CLUSTER_BIN)/build-tools
	@$(CLUSTER_BIN)/cargo-tools

.PHONY: cluster-tools
cluster-tools: # of these, what the cluster needs
	@$(CLUSTER_BIN)/install-packages up
	@$(CLUSTER_BIN)/build-tools

.PHONY: prune
prune: ## Remove everything that is cached outside the checkout: tools, images, CI's build. The cluster must be down
	@$(CLUSTER_BIN)/prune

.PHONY: help
help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile
