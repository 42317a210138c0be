# shellcheck shell=bash
# The same cluster by kind, where Docker answers. Sourced by `cluster`.
: "${here:?}" "${repository:?}"
NAME=habit-tracker
KIND_VERSION=v0.31.0

cluster_up() {
  timeout 10 docker info >/dev/null 2>&1 || fail "CLUSTER=kind needs Docker, which does not answer" "start Docker, or: CLUSTER=local make up"
  command -v kind >/dev/null || fail "kind is missing" "go install sigs.k8s.io/kind@$KIND_VERSION"
  if kind get clusters 2>/dev/null | grep -qx "$NAME"; then
    kind export kubeconfig --name "$NAME" --kubeconfig "$KUBECONFIG" --quiet
    # its container may have stopped with the machine
    [ "$(docker inspect --format '{{.State.Running}}' "$NAME-control-plane")" = true ] || docker start "$NAME-control-plane" >/dev/null
    wait_for 90 ready || fail "the kind cluster does not answer" "make down && make up"
    say "cluster: kind runs already, KUBECONFIG=$KUBECONFIG"
    return
  fi
  say "cluster: kind starts (it pulls the node's image first)"
  timeout 600 kind create cluster --name "$NAME" --config "$repository/kind-config.yaml" --kubeconfig "$KUBECONFIG" --wait 120s
  wait_for 90 ready || fail "the kind cluster does not become ready" "kind export logs"
  say "cluster: ready, KUBECONFIG=$KUBECONFIG"
}
ready() { kubectl wait --for=condition=Ready nodes --all --timeout=2s && kubectl rollout status -n kube-system deployment/coredns --timeout=2s; }

# The programs by the Dockerfile, the data stores from Docker Hub, under the names of the local cluster.
make_image() { # REF
  local name=${1##*/}
  case $1 in
    "$REGISTRY/postgres:"* | "$REGISTRY/redis:"*)
      docker image inspect "$name" >/dev/null 2>&1 || timeout 600 docker pull --quiet "$name" >/dev/null
      docker tag "$name" "$1"
      ;;
    *) timeout 3600 docker build --quiet --build-arg PROGRAM="${name%%:*}" --build-arg PROFILE=dev --tag "$1" "$repository" >/dev/null ;;
  esac
}
load() { # REF
  [ "$(docker exec "$NAME-control-plane" crictl inspecti --output go-template --template '{{.status.id}}' "$1" 2>/dev/null)" != \
    "$(docker image inspect --format '{{.Id}}' "$1")" ] || return 0
  timeout 300 kind load docker-image --name "$NAME" "$1" --quiet
  say "cluster: loaded $1"
  echo "$1"
}

cluster_load() {
  local ref refs=("$@") programs=()
  [ ${#refs[@]} -gt 0 ] || mapfile -t refs < <("$here/images/build" refs stores programs)
  mkdir -p "$IMAGES"
  for ref in "${refs[@]}"; do
    make_image "$ref"
    load "$ref"
    [[ $ref != *:$(version) ]] || programs+=("$ref")
  done
  [ ${#programs[@]} -gt 1 ] || return 0 # only when all of them were asked for
  docker image inspect --format '{{.Id}}' "${programs[@]}" | name_release
  for ref in "${programs[@]}"; do
    docker tag "$ref" "${ref%:*}:$(release)"
    load "${ref%:*}:$(release)" >/dev/null
  done
}

cluster_egress() { :; } # open as it is

cluster_status() {
  kind get clusters 2>/dev/null | grep -qx "$NAME" || { echo "kind cluster: none"; return 1; }
  echo "kind cluster: $NAME, KUBECONFIG=$KUBECONFIG"
  kubectl get nodes,pods -A
}

cluster_down() {
  kind delete cluster --name "$NAME" --kubeconfig "$KUBECONFIG"
  rm -f "$KUBECONFIG"
  say "cluster: gone, with the data in it"
}
