# shellcheck shell=bash
# Paths, addresses and messages shared by the scripts of this folder, which source it.
# shellcheck disable=SC2034 # they are read by the scripts that source this
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
CACHE=${HABIT_CACHE:-$HOME/.cache/habit-tracker}          # everything that is costly to make, outside the checkout
ASSETS=${KUBEBUILDER_ASSETS:-$CACHE/kube}                 # the programs of Kubernetes, by the convention of envtest
IMAGES=$CACHE/images                                      # one folder an image: ref, key, id, archive.tar
STATE=${HABIT_CLUSTER_STATE:-/var/tmp/habit-tracker-cluster} # the local cluster's data
KUBECONFIG=$CACHE/kubeconfig                              # the same path for both kinds of cluster
NODE_IP=10.89.0.2                                         # the local node: API server, NodePorts
HOST_IP=10.89.0.1                                         # the host's end of the link to it
REGISTRY=localhost/habit-tracker
PROGRAMS=(api bot sender operator telegram-simulator)
export KUBECONFIG HABIT_STARTED=${HABIT_STARTED:-$(date +%s)}

say() { printf '%4d s  %s\n' "$(($(date +%s) - HABIT_STARTED))" "$*" >&2; }
fail() { # MESSAGE NEXT-STEP...
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  next: %s\n' "$@" >&2
  exit 1
}

wait_for() { # SECONDS COMMAND...: until the command succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

program() { # NAME: the pinned one, else the one on PATH
  if [ -x "$ASSETS/$1" ]; then echo "$ASSETS/$1"; else command -v "$1" || fail "$1 is missing" "make tools"; fi
}
kubectl() { "$(program kubectl)" --request-timeout=20s "$@"; }

version() { sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$repository/Cargo.toml"; }

# A tag never changes its meaning for pods that run: what is at hand is called by the time when it was first built.
name_release() { # the programs' image ids on standard input
  local ids
  ids=$(sha256sum)
  [ "$ids" = "$(sed -n 2p "$IMAGES/release" 2>/dev/null)" ] ||
    printf '%s\n' "$(version)-dev.$(date -u +%Y%m%d%H%M%S)" "$ids" >"$IMAGES/release"
}
release() { head -n 1 "$IMAGES/release" 2>/dev/null || fail "the programs have no images" "make images"; }

cluster_kind() { # local or kind: as told, else what runs, else what can run
  if [ -n "${CLUSTER:-}" ]; then
    case $CLUSTER in local | kind) echo "$CLUSTER" ;; *) fail "CLUSTER=$CLUSTER is neither local nor kind" "CLUSTER=local make up" ;; esac
  elif [ -d "$STATE/pki" ]; then
    echo local
  elif timeout 5 docker info >/dev/null 2>&1; then
    echo kind
  else
    echo local
  fi
}

become_root() { # SCRIPT ARGUMENTS...: the same call again as root, where it is not root already
  mkdir -p "$CACHE"
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || fail "this needs root, and there is no sudo" "su -c 'make up'"
  exec sudo env HOME="$HOME" PATH="$PATH" HABIT_CACHE="$CACHE" KUBEBUILDER_ASSETS="$ASSETS" HABIT_STARTED="$HABIT_STARTED" \
    HABIT_CLUSTER_STATE="$STATE" CLUSTER="${CLUSTER:-}" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-}" "$@"
}
