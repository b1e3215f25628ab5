# shellcheck shell=bash
# Which packages of Debian or Ubuntu the project needs, and how missing ones get onto the machine.
# Needs common.sh.

BUILD_PACKAGES=(
    g++ cmake ninja-build pkg-config ca-certificates python3
    nlohmann-json3-dev libfmt-dev libspdlog-dev libcli11-dev libpugixml-dev
    libsqlite3-dev libssl-dev libcurl4-openssl-dev libarchive-dev
    libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswresample-dev libswscale-dev
    libgtest-dev libgmock-dev
)
# ffmpeg makes the sample files, and is the peer that tests and benches compare with.
DEMO_PACKAGES=(ffmpeg)
TEST_PACKAGES=(ffmpeg openssl procps curl)
BENCH_PACKAGES=(ffmpeg procps)
# A peer of the Blob service. It is only run for the bench, with a configuration of its own.
BENCH_BLOB_PACKAGES=(nginx procps)
# Clients that the conformance suite drives. Where a distribution does not have one, its tests are skipped.
CLIENT_PACKAGES=(python3-azure python3-azure-multiapi-storage azure-cli rclone)

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# Boost 1.81 or newer. Debian 12 calls it by its number, beside an older default; later releases have it as the default.
boost_package() {
    local version
    for version in 1.81 1.83 1.84 1.86 1.87 1.88 1.90; do
        if installed "libboost$version-dev"; then
            echo "libboost$version-dev"
            return
        fi
    done
    # shellcheck source=/dev/null
    case "$(. /etc/os-release && echo "$ID:${VERSION_ID:-}")" in
        debian:12*) echo libboost1.81-dev ;;
        *) echo libboost-dev ;;
    esac
}

# node 18 or newer may come from anywhere; the distribution's packages are the answer only when there is none.
javascript_packages() {
    local major=0
    if command -v node >/dev/null; then
        major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    fi
    if ((major < 18)); then echo nodejs; fi
    if ! command -v npm >/dev/null; then echo npm; fi
}

missing_packages() {
    local -A present=()
    local name
    # A name that dpkg has never heard of makes it fail and still list the others.
    while read -r name; do present[${name%%:*}]=1; done < <(
        dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p'
    )
    for name in "$@"; do
        if [[ -z "${present[$name]:-}" ]]; then echo "$name"; fi
    done
}

# How this user becomes root, into the array as_root; fails when there is no way.
find_way_to_root() {
    as_root=()
    if ((EUID == 0)); then return; fi
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
    if [[ ! -t 0 ]]; then
        as_root=(sudo -n)
        sudo -n true 2>/dev/null
    fi
}

require_root_for() {
    find_way_to_root || die "these packages are missing: $*
Install them as root and run this again:  apt-get install --no-install-recommends $*"
}

refresh_package_lists() {
    say "Refreshing the package lists"
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q </dev/null ||
        warn "apt-get update failed; trying with the package lists that are here."
}

install_packages() {
    say "Installing $*"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends "$@" </dev/null ||
        die "apt-get could not install: $*"
}

offered_packages() {
    local name
    for name in "$@"; do
        if apt-cache show "$name" >/dev/null 2>&1; then echo "$name"; fi
    done
}

# npm_packages FOLDER: what the folder's package-lock.json names, once.
npm_packages() {
    local folder="$ROOT/$1"
    if [[ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]]; then return; fi
    say "npm ci in $1"
    (cd "$folder" && npm ci --no-progress </dev/null)
    touch "$folder/node_modules/.package-lock.json"
}

# require_packages build|demo|test|bench|bench-blob: returns at once when nothing is missing.
require_packages() {
    command -v dpkg-query >/dev/null ||
        die "this is neither Debian nor Ubuntu. Install what scripts/lib/packages.sh lists (g++ 12+, CMake 3.25+, Boost 1.81+, FFmpeg 5.1+ ...), then use cmake --preset release."
    local wanted=("${BUILD_PACKAGES[@]}" "$(boost_package)") missing=() more=() clients=() as_root=()
    case "$1" in
        build) ;;
        demo) wanted+=("${DEMO_PACKAGES[@]}") ;;
        test)
            wanted+=("${TEST_PACKAGES[@]}")
            mapfile -t more < <(javascript_packages)
            mapfile -t clients < <(missing_packages "${CLIENT_PACKAGES[@]}")
            ;;
        bench) wanted+=("${BENCH_PACKAGES[@]}") ;;
        bench-blob)
            wanted+=("${BENCH_BLOB_PACKAGES[@]}")
            mapfile -t more < <(javascript_packages)
            ;;
        *) die "require_packages: no such set: $1" ;;
    esac
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    missing+=("${more[@]}")
    if ((${#missing[@]} > 0)); then
        require_root_for "${missing[@]}"
        refresh_package_lists
    fi
    if ((${#clients[@]} > 0)) && find_way_to_root; then
        mapfile -t clients < <(offered_packages "${clients[@]}")
        missing+=("${clients[@]}")
    fi
    if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
}
