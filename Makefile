# Lookout's development tasks; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Data of the acceptance tests and the programs to compare with; tests that need them are skipped where they are absent.
ACCEPTANCE_DATA ?= $(CURDIR)/../shared
PEERS ?= $(or $(TMPDIR),/tmp)/lookout-peers
export ACCEPTANCE_DATA PEERS

# make test FILTER=… runs only the tests whose names match; ARGS are handed to `swift test` or to the demo as they are.
FILTER ?=
ARGS ?=
SOAK_MINUTES ?= 60
# Where `make install` puts things.
BINARY ?= .build/release/lookout
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
SWIFT_AT_LEAST := 6.2
RELEASE := -c release --static-swift-stdlib
SOURCES := Sources Tests Package.swift
SWIFT_TEST := scripts/told-last swift test $(if $(FILTER),--filter '$(FILTER)') $(ARGS)

.PHONY: help setup toolchain peers build run test-tools test test-asan test-tsan lint format check-rules bench-agent bench-demo bench-fault-to-webhook \
  bench-log bench-probe bench-promql bench-serve soak torture install uninstall deb fuzz-promql code-size clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: toolchain ## install the Debian packages that are missing
	@scripts/setup

toolchain:
	@found=$$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' || true); \
	oldest=$$(printf '%s\n' "$${found:-0}" $(SWIFT_AT_LEAST) | sort -V | head -n 1); \
	if [ "$$oldest" != $(SWIFT_AT_LEAST) ]; then \
	  echo "Swift $(SWIFT_AT_LEAST) or newer is needed, found $${found:-none}: install it from https://www.swift.org/install/linux/" >&2; \
	  exit 1; \
	fi

peers: # a machine without network still tests, without the comparisons
	@if [ -x "$$ACCEPTANCE_DATA/peers/fetch" ]; then \
	  "$$ACCEPTANCE_DATA/peers/fetch" "$$PEERS" || echo "the programs to compare with could not be fetched: their tests are skipped" >&2; \
	fi

build: setup ## the release binary, .build/release/lookout
	swift build $(RELEASE) --product lookout

run: build ## build, then run the demo: Lookout watching a stand-in for Odoo
	@exec .build/release/lookout demo $(ARGS)

test-tools: # without them still, but for their tests
	@scripts/setup tests || echo "their tests are skipped" >&2

test: build peers test-tools ## build, then run all tests, or those that match FILTER=…
	@bin=$$(swift build $(RELEASE) --show-bin-path); LOOKOUT_BIN="$$bin/lookout" $(SWIFT_TEST)

test-asan: setup ## the tests under the address sanitizer
	ASAN_OPTIONS=detect_leaks=0 LOOKOUT_BIN=$(CURDIR)/.build-asan/debug/lookout \
	  $(SWIFT_TEST) --sanitize=address --scratch-path .build-asan

test-tsan: setup ## the tests under the thread sanitizer
	LOOKOUT_BIN=$(CURDIR)/.build-tsan/debug/lookout $(SWIFT_TEST) --sanitize=thread --scratch-path .build-tsan

lint: toolchain ## the format that CI insists on
	swift format lint --strict --parallel --recursive $(SOURCES)

format: toolchain ## rewrite the sources in that format
	swift format --in-place --parallel --recursive $(SOURCES)

check-rules: peers ## check and test the shipped alert rules with Prometheus' promtool
	@if [ -x "$$PEERS/bin/promtool" ]; then \
	  "$$PEERS/bin/promtool" check rules Alerts/*.rules.yml; \
	  "$$PEERS/bin/promtool" test rules Alerts/*.test.yml; \
	else \
	  echo "skipped: there is no promtool in $$PEERS/bin" >&2; \
	fi

bench-fault-to-webhook: build ## seconds from a fault to the message about it, over 20 faults
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout Benchmarks/fault-to-webhook

bench-agent: build peers ## memory and CPU of the agent, beside the programs that it replaces
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout Benchmarks/agent-beside-stack

bench-probe: build peers ## CPU and memory of a probe, beside blackbox_exporter
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout Benchmarks/probe-peer

bench-serve: build ## times and CPU of /health and /metrics under 64 clients, beside nginx
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout Benchmarks/serve

bench-log: build peers ## GB/s of `lookout logs` on a log of 1 GB, beside wc -l and mtail
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout Benchmarks/log-speed

bench-demo: build ## memory and CPU of the agent in the demo over five minutes
	@Benchmarks/demo-footprint

soak: build ## an hour of faults that come and go, or SOAK_MINUTES: does the agent grow
	@LOOKOUT_BIN=$(CURDIR)/.build/release/lookout SOAK_MINUTES=$(SOAK_MINUTES) Benchmarks/soak

# make torture TORTURE_SEED=… TORTURE_ROUNDS=… does other things to the log, or more of them.
TORTURE_ROUNDS ?= 1000
TORTURE_SEED ?= 1

torture: build ## 1,000 rotations, truncations, crashes and restarts of the agent while a log is written: is every line counted once
	@TORTURE_ROUNDS=$(TORTURE_ROUNDS) TORTURE_SEED=$(TORTURE_SEED) LOOKOUT_BIN=$(CURDIR)/.build/release/lookout \
	  scripts/told-last swift test --filter LogTortureTests

# make fuzz-promql SEED=… COUNT=… draws other queries, or more of them.
SEED ?= 1
COUNT ?= 10000

bench-promql: setup peers ## milliseconds of PromQL queries over 10,000 series, beside Prometheus
	@swift build $(RELEASE) --product promqltest
	@PROMQLTEST="$$(swift build $(RELEASE) --show-bin-path)/promqltest" Benchmarks/promql-peer measure

fuzz-promql: setup peers ## random PromQL queries on random series, answers compared with Prometheus
	@swift build $(RELEASE) --product promqltest
	@PROMQLTEST="$$(swift build $(RELEASE) --show-bin-path)/promqltest" Benchmarks/promql-peer fuzz --seed $(SEED) --count $(COUNT)

install: ## put what was built in place below PREFIX (/usr/local) and DESTDIR; keeps a configuration that is there
	@BINARY="$(BINARY)" PREFIX="$(PREFIX)" SYSCONFDIR="$(SYSCONFDIR)" DESTDIR="$(DESTDIR)" scripts/installation install

uninstall: ## take it away again, but for the configuration that was changed and what the agent keeps
	@BINARY="$(BINARY)" PREFIX="$(PREFIX)" SYSCONFDIR="$(SYSCONFDIR)" DESTDIR="$(DESTDIR)" scripts/installation uninstall

deb: build ## a Debian package, in .build/deb
	@scripts/deb "$(BINARY)" .build/deb

code-size: ## lines per file and per function
	@scripts/code-size

clean: ## remove everything that was built
	rm -rf .build .build-*
