#!/usr/bin/env bash
# run.sh BUILD SECONDS: fuzzes every target of a build with KARHUNEN_FUZZ, starting from its seeds.
# New inputs stay in the build folder; a finding is written there too and named on standard error.
set -euo pipefail
build=$(cd "$1" && pwd)
seconds=$2
here=$(cd "$(dirname "$0")" && pwd)
status=0
for target in "$build"/tests/fuzz/fuzz_*; do
    [[ -f $target && -x $target ]] || continue
    name=${target##*/fuzz_}
    found=$build/fuzz-corpus/$name
    mkdir -p "$found" "$here/corpus/$name"
    echo "fuzzing $name for $seconds s"
    if ! (cd "$found" && "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
          -print_final_stats=1 "$found" "$here/corpus/$name" >"$found.log" 2>&1); then
        echo "$name: FINDING, see $found.log" >&2
        tail -n 30 "$found.log" >&2
        status=1
    else
        grep -E 'number_of_executed_units|peak_rss_mb' "$found.log" || true
    fi
done
exit $status
