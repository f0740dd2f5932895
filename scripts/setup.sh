# shellcheck shell=sh
# What ./run, ./test and .ci/run share: finds what they need, and installs through the system's package manager what is missing.
# To be sourced. Everything it says goes to standard error.

say() { printf 'openilp: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# The oldest PostgreSQL that the service runs on.
oldest_postgres=15

# Whether a folder holds the programs of a PostgreSQL that is new enough.
postgres_in() {
    [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
    major=$("$1/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9][0-9]*\).*/\1/p')
    [ "${major:-0}" -ge "$oldest_postgres" ]
}

# The service looks in the same places: persistence/src/embedded/binaries.rs.
has_postgres() {
    if [ -n "${OPENILP_POSTGRES:-}" ]; then
        postgres_in "$OPENILP_POSTGRES"
        return
    fi
    on_path=$(command -v postgres 2>/dev/null) && postgres_in "$(dirname "$on_path")" && return
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
        /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
        postgres_in "$folder" && return
    done
    return 1
}

# Whether C compiles and links: cargo needs the linker, two of the libraries are written in C.
has_compiler() {
    trial=$(mktemp -d) || return 1
    printf '#include <stdlib.h>\nint main(void) { return 0; }\n' >"$trial/trial.c"
    "${CC:-cc}" -o "$trial/trial" "$trial/trial.c" >/dev/null 2>&1
    status=$?
    rm -rf "$trial"
    return $status
}

# Whether cargo can check whom it downloads from.
has_certificates() {
    for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        [ -s "$file" ] && return
    done
    return 1
}

# Debian makes and starts a cluster when the server is installed. Ours is its own: none is wanted.
without_main_cluster() {
    mkdir -p /etc/postgresql-common/createcluster.d
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.d/openilp.conf
    "$@"
    status=$?
    rm -f /etc/postgresql-common/createcluster.d/openilp.conf
    rmdir /etc/postgresql-common/createcluster.d /etc/postgresql-common 2>/dev/null
    return $status
}

# Installs Debian packages, as root.
apt_install() {
    say "installing with apt-get: $*"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get -qq update >&2 || say "apt-get update failed; going on with the lists that are there"
    without_main_cluster apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >&2
}

# Installs the packages named, or says in one line what root must do.
need_packages() {
    [ $# -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        fail "missing: $*. Install them (the names are Debian's) with this system's package manager, and start again."
    elif [ "$(id -u)" -ne 0 ]; then
        fail "missing; as root, run: apt-get update && apt-get install -y --no-install-recommends $*"
    fi
    apt_install "$@" || fail "apt-get could not install: $*"
}

# cargo, where rustup puts it if the search path does not know it.
need_cargo() {
    home=${CARGO_HOME:-${HOME:-/root}/.cargo}
    if ! command -v cargo >/dev/null 2>&1 && [ -x "$home/bin/cargo" ]; then PATH="$home/bin:$PATH"; fi
    export PATH
    command -v cargo >/dev/null 2>&1 || fail "no Rust here: install it as https://rustup.rs says, and start again"
    cargo --version >/dev/null || fail "cargo does not start; see above"
}

# set_up [without-postgres]: has everything here that building, running and testing need.
set_up() {
    packages=
    if [ "${1:-}" != without-postgres ] && ! has_postgres; then
        [ -z "${OPENILP_POSTGRES:-}" ] || fail "OPENILP_POSTGRES: no initdb and postgres $oldest_postgres or newer in $OPENILP_POSTGRES"
        packages="$packages postgresql"
    fi
    has_compiler || packages="$packages gcc libc6-dev"
    has_certificates || packages="$packages ca-certificates"
    # shellcheck disable=SC2086 # a list of words
    need_packages $packages
    case $packages in
    *postgresql*) has_postgres || fail "PostgreSQL $oldest_postgres or newer is needed; this system's package is older" ;;
    esac
    need_cargo
}
