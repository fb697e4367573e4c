# Two commands matter: `make run` opens Tabella, `make test` says whether it is well.
# What a machine lacks is installed first (scripts/setup); nothing else is to be done by hand.
#
# Every cargo line selects the whole workspace: a part of it would unify other features and compile
# all dependencies a second time. Only `dist` builds no more than it packs. What is measured is built
# as what is packed: link-time optimisation is a fifth of what a short command takes.

N ?= 20000
RECORDS ?= 1000000
TAURI = ui/node_modules/.bin/tauri
MODULES = ui/node_modules/.package-lock.json
PAGE = ui/dist/index.html
UI_SOURCES = $(shell find ui/src ui/public ui/*.html ui/*.json ui/*.ts -type f 2>/dev/null)
# The page is built already; the package holds the command line, too.
DIST = {"build":{"beforeBuildCommand":""},"bundle":{"linux":{"deb":{"files":{"/usr/bin/tabella":"target/dist/tabella","/usr/lib/tabella/tabella-engine":"target/dist/tabella-engine","/usr/share/mime/packages/tabella.xml":"src-tauri/tabella-mime.xml"}}}}}
# A screen and a session bus of their own for the window tests.
SCREEN = xvfb-run -a -s "-screen 0 1920x1080x24" dbus-run-session --

.PHONY: run test bench bench-base bench-window dist setup format lint ui-test rust-test bindings icons clean help

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## installs what is missing, builds, opens Tabella
	@scripts/setup run
	@$(MAKE) --no-print-directory $(PAGE)
	cargo build --workspace --profile swift --bin tabella-desktop --bin tabella --bin tabella-engine
	target/swift/tabella-desktop

test: ## the one gate: format, lints, all tests, the real window
	@scripts/setup test
	@$(MAKE) --no-print-directory format lint ui-test rust-test

format:
	cargo fmt --all --check

lint: $(MODULES) $(PAGE)
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	npm --prefix ui run lint

ui-test: $(MODULES)
	npm --prefix ui run check
	npm --prefix ui test

# The programs are built first: tests start `tabella` and the window as processes.
rust-test: $(PAGE)
	cargo build --workspace --quiet
	$(SCREEN) cargo test --workspace --no-fail-fast

bench: ## speed beside mbsync, mu and notmuch: make bench N=20000
	@scripts/setup bench
	cargo build --workspace --profile dist --quiet --bin tabella --bin tabella-engine --bin bench
	target/dist/bench $(N)

bench-base: ## speed of files into bases beside sqlite3, sqlite-utils and openpyxl: make bench-base RECORDS=1000000
	@scripts/setup bench
	cargo build --workspace --profile dist --quiet --bin tabella --bin tabella-engine --bin bench
	target/dist/bench base $(RECORDS)

bench-window: ## speed and memory of the real window: make bench-window
	@scripts/setup test
	@$(MAKE) --no-print-directory $(PAGE)
	cargo build --workspace --profile dist --quiet --bin tabella --bin tabella-engine --bin tabella-desktop --bin bench
	$(SCREEN) target/dist/bench window

dist: ## a .deb in target/dist/bundle/deb
	@scripts/setup run
	@$(MAKE) --no-print-directory $(PAGE)
	$(TAURI) build --bundles deb --config '$(DIST)' -- --profile dist --package tabella-desktop --package cli

setup: ## installs what building and testing need
	@scripts/setup test

bindings: ## writes ui/src/engine/bindings.ts anew from the door's declaration
	UPDATE_BINDINGS=1 cargo test --workspace --lib the_committed_bindings_are_fresh

clean: ## removes everything that was built
	rm -rf target ui/dist ui/node_modules

$(MODULES): ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund
	@touch $@

$(PAGE): $(MODULES) $(UI_SOURCES)
	npm --prefix ui run build
	@touch $@
