# Every target works from a fresh clone on Debian or Ubuntu with Python >= 3.11; a second run does only what changed.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := --quiet --require-hashes --no-deps --only-binary :all:
EDITABLE := --quiet --no-deps --no-build-isolation --no-index

key = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c1-16)
BUILD := pyproject.toml packaging/kernel_hook.py $(wildcard app/fluxdesk/native/build.py app/fluxdesk/native/src/*)
RUN_STAMP := $(VENV)/.run-$(call key,requirements/run.lock requirements/build.lock $(BUILD))
TEST_STAMP := $(VENV)/.test-$(call key,requirements/test.lock requirements/build.lock $(BUILD))

.PHONY: run install extension test test-dapps contracts bindings gas prove test-tools lint fmt bench results fuzz screenshots docs layouts lock clean help

help:
	@echo "make run          start Fluxdesk (installs it into .venv first)"
	@echo "make install      install Fluxdesk into .venv"
	@echo "make extension    dist/extension to load unpacked, and the packed extension"
	@echo "make test         install what the tests need, and run them all"
	@echo "make test-dapps   the extension in real Chromium, with MetaMask's test dApps"
	@echo "make contracts    build and test the contracts"
	@echo "make gas          measure the contracts beside their peers: contracts/evm/snapshots"
	@echo "make prove        prove the contracts (hours; goes on where it stopped): contracts/evm/proofs"
	@echo "make lint         ruff, mypy, import rules, the extension's linter"
	@echo "make fmt          format the code"
	@echo "make bench        measure every figure"
	@echo "make results      measure and write tests/benchmarks/RESULTS.md"
	@echo "make fuzz         fuzz the decoders for longer (EXAMPLES=20000 for each property)"
	@echo "make screenshots  docs/images/*.png from the real window"
	@echo "make docs         the generated parts of docs/"
	@echo "make bindings     resources/contracts and the typed modules from the built contracts"
	@echo "make layouts      resources/layouts from the published IDLs"
	@echo "make lock         renew requirements/*.lock (UPGRADE=1: newer versions)"

run: install
	@sh packaging/setup/apt.sh "the window" $$($(BIN)/fluxdesk doctor --missing-packages)
	@$(BIN)/fluxdesk

install: $(RUN_STAMP)

$(RUN_STAMP):
	@sh packaging/setup/python.sh $(VENV)
	@echo "Installing Fluxdesk into $(VENV)."
	@$(PIP) install $(LOCKED) -r requirements/run.lock -r requirements/build.lock
	@$(PIP) install $(EDITABLE) --editable .
	@rm -f $(VENV)/.run-*
	@touch $@

$(TEST_STAMP):
	@sh packaging/setup/python.sh $(VENV)
	@echo "Installing Fluxdesk and its tests into $(VENV)."
	@$(PIP) install $(LOCKED) -r requirements/test.lock -r requirements/build.lock
	@$(PIP) install $(EDITABLE) --editable .
	@rm -f $(VENV)/.test-* $(VENV)/.run-*
	@touch $@ $(RUN_STAMP)

test-tools: $(TEST_STAMP)
	@sh packaging/setup/test_tools.sh $(VENV)

test: test-tools
	@sh packaging/setup/run_tests.sh $(VENV) $(ARGS)

contracts:
	@sh packaging/setup/contracts.sh $(ARGS)

bindings: $(TEST_STAMP)
	@sh packaging/setup/contracts.sh --install-only
	@cd contracts/evm && ../node_modules/@foundry-rs/forge-linux-amd64/bin/forge build src
	@$(BIN)/python packaging/bindings.py

gas: $(TEST_STAMP)
	@sh packaging/setup/contracts.sh --install-only
	@$(BIN)/python packaging/gas.py $(ARGS)

prove: $(TEST_STAMP)
	@sh packaging/setup/contracts.sh --install-only
	@$(BIN)/python packaging/prove.py $(ARGS)

extension:
	@cd extension && if [ ! -d node_modules/esbuild ]; then npm ci --no-progress --loglevel=error; fi && npm run --silent pack

test-dapps: test-tools
	@sh packaging/setup/run_tests.sh $(VENV) tests/e2e $(ARGS)

lint: $(TEST_STAMP)
	$(BIN)/ruff format --check app native_host tests packaging contracts/solana
	$(BIN)/ruff check app native_host tests packaging contracts/solana
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd extension && ../$(BIN)/oxlint

fmt: $(TEST_STAMP)
	$(BIN)/ruff format app native_host tests packaging contracts/solana
	$(BIN)/ruff check --fix app native_host tests packaging contracts/solana

bench: test-tools
	@sh packaging/setup/with_display.sh $(BIN)/fluxdesk bench $(GROUP) $(ARGS)

results: test-tools
	@mkdir -p .cache
	@sh packaging/setup/with_display.sh $(BIN)/fluxdesk bench $(GROUP) --json | tee .cache/figures.jsonl
	@$(BIN)/python packaging/results_page.py .cache/figures.jsonl

fuzz: $(TEST_STAMP)
	@FLUXDESK_FUZZ_EXAMPLES=$(or $(EXAMPLES),20000) $(BIN)/python -m pytest -n 2 -o timeout=0 \
		tests/property/launches tests/property/chains tests/property/native tests/property/host/signing $(ARGS)

screenshots: $(RUN_STAMP)
	@QT_QPA_PLATFORM=offscreen sh packaging/setup/screenshots.sh $(VENV)

docs: $(TEST_STAMP)
	@$(BIN)/python packaging/docs_tables.py
	@$(BIN)/python packaging/protocol_pages.py

layouts: $(TEST_STAMP)
	@$(BIN)/python packaging/layouts.py

lock:
	@sh packaging/setup/lock.sh

clean:
	rm -rf $(VENV) .cache build dist tests/tools/node_modules
