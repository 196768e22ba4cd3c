# Everything a person or CI does with Kitt. `make` alone lists it.
#
# Nothing here asks a question unless a person sits at the terminal; with CI=true or without
# standard input it goes ahead. Works as root and as an ordinary user with sudo.

# Outside the checkout, so that a second clone (CI, another branch) does not build all crates again.
KITT_TARGET ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kitt/target
export CARGO_TARGET_DIR ?= $(KITT_TARGET)

CARGO ?= cargo
NPM ?= npm
# Passed on to the program: make run ARGS="--listen 127.0.0.1:9000"
ARGS ?=
# What `setup` has to care for: `run`, `test`, or both when empty.
NEED ?=

.DEFAULT_GOAL := help
.PHONY: help setup assets run test bench bench-full drill fuzz shots fmt lint check

help: ## Show this list
	@printf '\n  Kitt: customer service that mends what is broken\n\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\n  New here? `make run`, then open the address it prints.\n'
	@printf '  Builds into %s\n\n' '$(CARGO_TARGET_DIR)'

setup: ## Install what building, running and testing need (asks first)
	@scripts/setup $(NEED)

assets: assets/dist/manifest.json ## Build styles, scripts and fonts when they are stale

run: NEED = run
run: setup assets ## Start Kitt with an example company
	@echo 'Building Kitt. The first time takes some minutes, later ones seconds.'
	$(CARGO) run --release -p kitt -- demo $(ARGS)

test: NEED = test
test: setup assets ## Run every check and test, on SQLite and PostgreSQL, browser included
	@scripts/step 'Format' $(CARGO) fmt --all --check
	@scripts/step 'Front end' $(NPM) --prefix assets run --silent check
	@scripts/step 'Front end, in a browser' $(NPM) --prefix assets test --silent
	@scripts/step 'Lints' $(CARGO) clippy --workspace --all-targets -- -D warnings
	@scripts/step 'Tests' $(CARGO) test --workspace --no-fail-fast

bench: NEED = test
bench: setup assets ## Measure throughput and response times in ten minutes (docs/performance.md)
	$(CARGO) build --release -p kitt
	$(CARGO) run --release -p kitt-bench -- $(ARGS)

KEEP ?= bench-data

bench-full: NEED = test
bench-full: setup assets ## As bench, with a million cases, for hours; goes on where it was (KEEP=bench-data)
	$(CARGO) build --release -p kitt
	$(CARGO) run --release -p kitt-bench -- full --keep $(KEEP)

drill: NEED = test
drill: setup assets ## Kill, fill the disk, restart, jump: is anything lost? (ARGS="--minutes 10 --seed 7 --which kill")
	@scripts/drill $(ARGS)

# Per target; what is found lands in fuzz/artifacts, and belongs into fuzz/corpus once it is mended.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= parse reply classify tnef session

fuzz: ## Throw random mail at the mail engine (needs nightly Rust and cargo-fuzz)
	@$(CARGO) +nightly fuzz --version >/dev/null 2>&1 || { \
	echo 'cargo-fuzz or nightly Rust is missing: rustup toolchain install nightly && cargo install cargo-fuzz'; exit 1; }
	@for target in $(FUZZ_TARGETS); do \
	mkdir -p "$(CARGO_TARGET_DIR)/fuzz/found/$$target" && \
	scripts/step "Fuzz $$target" $(CARGO) +nightly fuzz run --fuzz-dir fuzz --target-dir "$(CARGO_TARGET_DIR)/fuzz" \
	$$target "$(CARGO_TARGET_DIR)/fuzz/found/$$target" "fuzz/corpus/$$target" \
	-- -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=16384 || exit 1; done

shots: NEED = test
shots: setup assets ## Take the README's screenshots, light and dark
	$(CARGO) build --release -p kitt
	node scripts/screenshots.mjs "$(CARGO_TARGET_DIR)/release/kitt" docs/screenshots

fmt: assets ## Format the code
	$(CARGO) fmt --all
	$(NPM) --prefix assets run --silent format

lint: assets ## Find questionable code
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(NPM) --prefix assets run --silent check

check: assets ## All checks that need no test run: format, types, lints, licences
	$(CARGO) fmt --all --check
	$(MAKE) --no-print-directory lint
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny check; \
	else echo 'Licences and advisories: skipped, cargo-deny is not installed (cargo install cargo-deny).'; fi

# --- front end -----------------------------------------------------------------------------------
# `npm ci` only when the lock file changed, the bundle only when a source changed.

ASSET_SOURCES := $(shell find assets -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-not -path '*/test/*' -not -name '*.rs' -not -name '*.md' -not -name Cargo.toml 2>/dev/null)

# npm and the build write these two files last.
assets/node_modules/.package-lock.json: assets/package.json assets/package-lock.json
	@echo 'Fetching the packages of the front end'
	$(NPM) --prefix assets ci --ignore-scripts --no-audit --no-fund
	@touch $@

assets/dist/manifest.json: assets/node_modules/.package-lock.json $(ASSET_SOURCES)
	@echo 'Bundling the front end'
	$(NPM) --prefix assets run --silent build
	@touch $@
