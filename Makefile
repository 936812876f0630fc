# The two commands of the README, and what they stand on.
#   make demo     set up, build, run ResNet-18 on the virtual machine, measure its accuracy
#   make test     set up, build (release and sanitizers), and run all tests
#   make fuzz     fuzz the parsers and decoders for 60 s each
#   make bench    throughput of the cores next to bare limits
#   make faults   what becomes of each example in configs/faults: docs/faults.md
#   make synthesis  reference RTL through yosys next to the estimates: tests/rtl/SYNTHESIS.md
#   make registers  docs/registers.md and sw/registers again, after a change of the register map
#   make study-a  a worked study again, a to e; make studies: all (docs/studies)
.PHONY: help setup build asan demo test fuzz bench faults synthesis registers studies clean
.DEFAULT_GOAL := help

FUZZ_SECONDS ?= 60

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@./cmake/setup.sh

build/%/build.ninja: CMakePresets.json | setup
	cmake --preset $*

build: build/release/build.ninja | setup
	cmake --build --preset release

asan: build/asan/build.ninja | setup
	cmake --build --preset asan

demo: build
	./build/release/karhunen demo
	./build/release/karhunen accuracy

test: build asan
	ctest --preset release
	ctest --preset asan
	$(MAKE) fuzz FUZZ_SECONDS=5

fuzz: build/fuzz/build.ninja | setup
	cmake --build --preset fuzz
	./tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

bench: build
	cmake --build --preset release --target bench
	./tests/bench/run.sh build/release

faults: build
	cmake --build --preset release --target write_fault_table
	./build/release/tests/platform/faults/write_fault_table configs/faults docs/faults.md

synthesis: build/release/build.ninja
	cmake --build --preset release --target synthesis_report
	python3 -B tests/rtl/synthesise.py all -o tests/rtl/synthesis.csv
	./build/release/tests/rtl/synthesis_report tests/rtl/synthesis.csv > build/SYNTHESIS.md
	mv build/SYNTHESIS.md tests/rtl/SYNTHESIS.md

registers: build
	./build/release/karhunen registers -o docs/registers.md
	./build/release/karhunen registers --format svd -o sw/registers/karhunen.svd
	./build/release/karhunen registers --format sv -o sw/registers/karhunen_registers_pkg.sv
	./build/release/karhunen registers --format header -o sw/registers/karhunen_registers.h

study-%: build
	python3 -B docs/studies/study.py make $*

studies: build
	python3 -B docs/studies/study.py make

clean:
	rm -rf build
