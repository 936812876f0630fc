#!/usr/bin/env bash
# run.sh BUILD: runs every benchmark of a build.
set -euo pipefail
for bench in "$1"/tests/bench/bench_*; do
    if [[ -f $bench && -x $bench ]]; then "$bench"; fi
done
