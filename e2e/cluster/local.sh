# shellcheck shell=bash
# The local cluster: one node inside namespaces of its own (network, mounts, processes), without Docker or image pulls.
# Everything it starts dies with its first process; outside, only the link `habit0` and the folder $STATE are seen.
# Sourced by `cluster`.
: "${here:?}"

COMPONENTS=(etcd kube-apiserver containerd kube-controller-manager kube-scheduler kubelet kube-proxy)

node_pid() { # of unshare, the parent of the node's first process; nothing when it does not run (the number may be another's)
  local pid
  pid=$(cat "$STATE/node.pid" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q "^unshare .*/e2e/cluster/node $" || return 1 # whichever checkout started it
  echo "$pid"
}
first_process() {
  local pid
  pid=$(node_pid) && pgrep -P "$pid" | head -n 1
}

answers() { [ "$(kubectl get --raw /readyz 2>/dev/null)" = ok ]; }
node_ready() { [ "$(kubectl get node local -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]; }
kubelet_answers() { [ "$(kubectl get --raw /api/v1/nodes/local/proxy/healthz 2>/dev/null)" = ok ]; }
rolled_out() { kubectl rollout status "$@" --timeout=1s; }
complete() {
  answers && node_ready && kubelet_answers && rolled_out -n kube-system deployment/coredns &&
    rolled_out -n local-path-storage deployment/local-path-provisioner
}
fingerprint() { cat "$ASSETS"/.*.sum "$here/node" "$here/local.sh" | sha256sum; }
is_current() { [ "$(fingerprint)" = "$(cat "$STATE/fingerprint" 2>/dev/null)" ]; }

require() {
  local missing=() name
  for name in "${COMPONENTS[@]}" kubectl; do
    [ "$name" = containerd ] || [ -x "$ASSETS/$name" ] || missing+=("$name")
  done
  "$here/install-packages" --check up
  [ ${#missing[@]} -eq 0 ] || fail "not built yet: ${missing[*]}" "make tools"
}

stop_node() {
  local pid first
  if pid=$(node_pid); then
    first=$(first_process)
    kill -9 "$pid"
    wait_for 20 not test -e "/proc/${first:-$pid}" || fail "the node's first process does not end" "ps -f $first"
  fi
  ip link delete habit0 2>/dev/null || true
  rm -rf "$STATE/node.pid" "$STATE"/*.up "$STATE/containerd/state" "$STATE/ipam"
  # the kubelet's groups of ended processes
  find /sys/fs/cgroup/kubepods /sys/fs/cgroup/*/kubepods -depth -type d -exec rmdir {} + 2>/dev/null || true
}
not() { ! "$@"; }

start_node() {
  local first
  [ ! -e /sys/class/net/habit0 ] || ip link delete habit0
  mkdir -p "$STATE"/{pki,log,etcd,containerd,cni,volumes,varlog}
  cd "$STATE" || exit
  [ -f pki/complete ] || "$here/pki"
  setsid nohup unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc "$here/node" >log/node.log 2>&1 </dev/null 9>&- &
  echo $! >node.pid
  wait_for 10 test -e namespaces.up || fail "the node's namespaces do not start" "cat $STATE/log/node.log"
  first=$(first_process)
  ip link add habit0 type veth peer name eth0 netns "$first"
  ip addr add "$HOST_IP/30" dev habit0
  ip link set habit0 up
  : >link.up
  fingerprint >"$STATE/fingerprint"
  install -m 0600 admin.conf "$KUBECONFIG"
  chown --reference="$CACHE" "$KUBECONFIG"
}

furnish() { # DNS and storage
  local forward=
  [ ! -f "$STATE/egress" ] || forward='forward . /etc/resolv.conf'
  sed "s#@VOLUMES@#$STATE/volumes#; s#@FORWARD@#$forward#" "$here"/manifests/*.yaml | kubectl apply --server-side --force-conflicts -f - >/dev/null
}

explain() { # why it does not come up
  local name
  for name in "${COMPONENTS[@]}"; do
    pgrep --ns "$(first_process)" --nslist pid -f "(^|/)$name " >/dev/null || printf '  %s does not run; its last words: %s\n' "$name" "$(tail -n 1 "$STATE/log/$name.log" | cut -c1-300)" >&2
  done
  kubectl get pods -A --field-selector=status.phase!=Running >&2 || true
  fail "the cluster is not ready in time; logs are in $STATE/log" "e2e/cluster/cluster down, then up: it starts from nothing"
}

cluster_up() {
  local rest='' system
  require
  if node_pid >/dev/null && is_current; then
    complete >/dev/null 2>&1 && { say "cluster: runs already, KUBECONFIG=$KUBECONFIG"; return; }
    say "cluster: runs but is not whole; waiting for it to mend"
    wait_for 45 complete && { say "cluster: whole again, KUBECONFIG=$KUBECONFIG"; return; }
  fi
  [ ! -d "$STATE/etcd/member" ] || rest=' again, with the data it had'
  "$here/images/build" system
  say "cluster: starting$rest"
  stop_node
  start_node
  wait_for 90 answers || explain
  say "cluster: API server answers"
  wait_for 60 node_ready || explain
  mapfile -t system < <("$here/images/build" refs system)
  cluster_load "${system[@]}" >/dev/null
  furnish
  [ ! -f "$STATE/egress" ] || open_egress # the machine may have restarted
  wait_for 90 complete || explain
  say "cluster: ready, KUBECONFIG=$KUBECONFIG"
}

images() { timeout 300 nsenter --target "$(first_process)" --all ctr -a "$STATE/containerd/sock" -n k8s.io images "$@"; }

load() { # REF
  local at
  at=$IMAGES/$(basename "${1%:*}")
  [ "$(cat "$at/ref" 2>/dev/null)" = "$1" ] || fail "the image $1 is not built" "make images"
  grep -qxF "$1" <<<"$present" && cmp -s "$at/id" "$STATE/loaded/$(basename "$at")" && return
  images import "$at/archive.tar" >"$STATE/log/load.log" 2>&1 || fail "the node refuses $1: $(tail -n 1 "$STATE/log/load.log")" "make images"
  cp "$at/id" "$STATE/loaded/$(basename "$at")"
  say "cluster: loaded $1"
  echo "$1"
}

load_release() { # REF: under the name of its release too; the last three stay, for pods that run
  local release old
  release=${1%:*}:$(release)
  grep -qxF "$release" <<<"$present" && return
  images tag --force "$1" "$release" >/dev/null
  { grep -F "${1%:*}:" <<<"$present" || true; } | { grep -e '-dev\.' || true; } | sort | head -n -2 | while read -r old; do
    images rm "$old" >/dev/null </dev/null
  done
}

cluster_load() {
  local refs=("$@") ref present
  node_pid >/dev/null || fail "the cluster does not run" "make cluster-up"
  [ ${#refs[@]} -gt 0 ] || mapfile -t refs < <("$here/images/build" refs)
  present=$(images ls -q)
  mkdir -p "$STATE/loaded"
  for ref in "${refs[@]}"; do
    load "$ref"
    case $ref in "$REGISTRY"/*:"$(version)") load_release "$ref" ;; esac
  done
}

rule() { iptables -w 10 -t "$1" -C "${@:2}" 2>/dev/null || iptables -w 10 -t "$1" -I "${@:2}"; }
open_egress() {
  sysctl -qw net.ipv4.ip_forward=1
  rule nat POSTROUTING -s "$NODE_IP/32" ! -o habit0 -j MASQUERADE
  rule filter FORWARD -i habit0 -j ACCEPT
  rule filter FORWARD -o habit0 -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
}
cluster_egress() {
  node_pid >/dev/null || fail "the cluster does not run" "make cluster-up"
  open_egress
  [ ! -f "$STATE/egress" ] || return 0
  : >"$STATE/egress"
  furnish
  kubectl rollout restart -n kube-system deployment/coredns >/dev/null
  wait_for 60 complete || explain
  say "cluster: pods reach the internet"
}
close_egress() {
  iptables -w 10 -t nat -D POSTROUTING -s "$NODE_IP/32" ! -o habit0 -j MASQUERADE
  iptables -w 10 -D FORWARD -i habit0 -j ACCEPT
  iptables -w 10 -D FORWARD -o habit0 -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
}

cluster_status() {
  node_pid >/dev/null || { echo "local cluster: stopped"; return 1; }
  echo "local cluster: node $NODE_IP, logs in $STATE/log, KUBECONFIG=$KUBECONFIG"
  kubectl get nodes,pods -A
}

cluster_down() {
  if [ ! -d "$STATE" ]; then say "cluster: there is none"; return; fi
  stop_node
  close_egress 2>/dev/null || true
  cd /
  wait_for 20 rm -rf "$STATE" || fail "$STATE cannot be removed" "rm -rf $STATE" # the last mounts go a moment after the last process
  rm -f "$KUBECONFIG"
  say "cluster: gone, with the data in it"
}
