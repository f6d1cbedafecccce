#!/bin/bash
# On a host, lays down what Corosync and Pacemaker need: cluster-host.sh AGENT NAME=ADDRESS...
set -euo pipefail
agent=$1
shift

mkdir -p /etc/corosync /var/log/cluster /var/log/pacemaker /var/lib/corosync /var/lib/pacemaker/{pengine,cib,cores,blackbox} \
  /run/crm /run/resource-agents
# Corosync maps files of its own there, which an overlay does not let it.
mountpoint --quiet /var/lib/corosync || mount -t tmpfs corosync /var/lib/corosync

# The agents of the machine, and ours where a package would put it. The machine's own stay as they are.
mountpoint --quiet /usr/lib/ocf/resource.d || {
  mkdir -p /run/agents/{upper/clp,work}
  ln -s "$agent" /run/agents/upper/clp/fsmon
  mount -t overlay overlay /usr/lib/ocf/resource.d \
    -o lowerdir=/usr/lib/ocf/resource.d,upperdir=/run/agents/upper,workdir=/run/agents/work
}

{
  cat <<END
totem {
  version: 2
  cluster_name: lab
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 1000
}
quorum {
  provider: corosync_votequorum
  two_node: $(($# == 2))
  wait_for_all: 0
}
logging {
  to_syslog: no
  to_logfile: yes
  logfile: /var/log/cluster/corosync.log
  timestamp: hires
}
system {
  allow_knet_handle_fallback: yes
  sched_rr: no
}
nodelist {
END
  number=0
  for each; do
    printf '  node {\n    name: %s\n    nodeid: %s\n    ring0_addr: %s\n  }\n' "${each%%=*}" "$((number += 1))" "${each#*=}"
  done
  echo '}'
} >/etc/corosync/corosync.conf

# A coordinator is elected after 2 s instead of 20, and two hosts alone have no quorum to lose.
[[ -e /var/lib/pacemaker/cib/cib.xml ]] || cat >/var/lib/pacemaker/cib/cib.xml <<END
<cib crm_feature_set="3.15.0" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config><cluster_property_set id="cib-bootstrap-options">
      <nvpair id="lab-deadtime" name="dc-deadtime" value="2s"/>
      <nvpair id="lab-stonith" name="stonith-enabled" value="false"/>
      <nvpair id="lab-quorum" name="no-quorum-policy" value="$([[ $# -eq 2 ]] && echo ignore || echo stop)"/>
    </cluster_property_set></crm_config>
    <nodes/><resources/><constraints/>
  </configuration><status/>
</cib>
END
chown -R hacluster:haclient /var/lib/pacemaker /run/crm /var/log/pacemaker
chmod 0750 /run/crm
