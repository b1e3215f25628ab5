# shellcheck shell=bash
# What every script here shares: where the project is, how it speaks, how it builds.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export ROOT

if [[ -t 2 && -z "${NO_COLOR:-}" ]]; then
    BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' PLAIN=''
fi

say() { printf '%s==> %s%s\n' "$BOLD" "$*" "$PLAIN" >&2; }
warn() { printf '%s\n' "$*" >&2; }
die() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
    exit 1
}

# The text between the first line and the first line that is not a comment, as help.
print_help() {
    awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$1"
}

# As many compilers at once as there are processors, but no more than memory allows: the largest of our
# files needs about 1.2 GiB with sanitizers on.
build_jobs() {
    local processors available
    processors=$(nproc)
    available=$(awk '/^MemAvailable:/ { print int($2 / 1258291) }' /proc/meminfo)
    if ((available < 1)); then available=1; fi
    echo $((available < processors ? available : processors))
}

# build_preset PRESET [TARGET...]: configures once, builds what changed.
build_preset() {
    local preset=$1 folder="$ROOT/build/$1" target
    shift
    if [[ ! -f "$folder/build.ninja" ]]; then
        say "Configuring build/$preset"
        local options=()
        # Warnings stop the build with the compiler of Debian 12, which CI has; later ones may know new ones.
        if [[ "$(c++ -dumpversion)" != 12* ]]; then options=(-DWARNINGS_AS_ERRORS=OFF); fi
        (cd "$ROOT" && cmake --preset "$preset" "${options[@]}") || return 1
    fi
    say "Building build/$preset"
    local targets=()
    for target in "$@"; do targets+=(--target "$target"); done
    cmake --build "$folder" -j "$(build_jobs)" "${targets[@]}"
}
