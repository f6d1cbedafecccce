# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# Corosync and Pacemaker over some hosts, with this product's agent as ocf:clp:fsmon.

cluster_form() {
  local host members=() pids=()
  [[ $# -ge 2 ]] || usage "'cluster' needs two hosts or more"
  require corosync pacemakerd crm_mon crm
  for host; do
    require_host "$host"
    [[ -z $(processes "$host" | awk '$5 == "corosync"') ]] || fail "'$host' is in a cluster already"
    members+=("$host=$(host_fact "$host" address)")
  done
  for host; do
    on_host "$host" bash "$lab_parts/cluster-host.sh" "${lab_self%/*/*}/templates/pacemaker/fsmon" "${members[@]}" ||
      fail "'$host' could not be made ready for a cluster"
    cluster_daemons "$host" &
    pids+=($!)
  done
  for host in "${pids[@]}"; do wait "$host" || fail "a cluster could not be started"; done
  wait_until cluster_is_whole "$@" || fail "the cluster does not come together:" "$(on_host "$1" crm_mon -1 2>&1)"
}

# What the daemons find in PATH, their agents do too: the commands of this tree come first.
cluster_daemons() {
  local path=${lab_self%/*/*}/bin:$PATH
  daemon "$1" /var/log/cluster/stdout corosync -f >/dev/null
  wait_until on_host "$1" corosync-cfgtool -s >/dev/null 2>&1 || return 1
  daemon "$1" /var/log/pacemaker/stdout env -u NODE_OPTIONS PATH="$path" PCMK_logfile=/var/log/pacemaker/pacemaker.log \
    PCMK_logpriority=notice PCMK_logfacility=none PCMK_cluster_type=corosync pacemakerd -f >/dev/null
}

# Every host is online in the eyes of every other, and one of them coordinates.
cluster_is_whole() {
  local host seen
  for host; do
    seen=$(on_host "$host" timeout 5 crm_mon -1 --output-as=xml 2>/dev/null) || return 1
    [[ $seen == *'<current_dc present="true"'* ]] || return 1
    [[ $(grep -c '<node .* online="true".* pending="false"' <<<"$seen") -eq $# ]] || return 1
  done
}
