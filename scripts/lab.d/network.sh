# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# What happens to a host's wire. All of it is on the host's own side of it, so no other host feels
# it, and the host's loopback never does.

network_cut() {
  local host=${1:-} mode=drop percent=30 direction=both ports=() peers=()
  local family addresses from to port peer
  require_host "${@:1:1}"
  require nft
  shift
  while [[ $# -gt 0 ]]; do
    [[ $# -ge 2 ]] || usage "'$1' needs a value"
    case $1 in
      --mode) mode=$2 ;;
      --percent) percent=$2 ;;
      --direction) direction=$2 ;;
      --port) ports+=("$2") ;;
      --peer) peers+=("$2") ;;
      *) usage "'cut' has no option '$1'" ;;
    esac
    shift 2
  done
  [[ $percent =~ ^[1-9][0-9]?$ ]] || usage "--percent is 1 to 99: not '$percent'"
  [[ $direction =~ ^(both|in|out)$ ]] || usage "--direction is both, in or out: not '$direction'"

  if [[ $mode == unplug ]]; then
    [[ ${#ports[@]} -eq 0 && ${#peers[@]} -eq 0 && $direction == both ]] ||
      usage "a wire is unplugged as a whole"
    ip link set "$(host_fact "$host" wire)" down
    return
  fi

  [[ $mode =~ ^(drop|loss|silence|reject|reset)$ ]] ||
    usage "--mode is drop, loss, silence, reject, reset or unplug: not '$mode'"
  [[ $mode != re* || $direction != out ]] || usage "what a host sends is dropped, not refused"
  for port in "${ports[@]}"; do
    [[ $port =~ ^[0-9]{1,5}$ ]] || usage "--port is a number: not '$port'"
  done
  for peer in "${peers[@]}"; do
    [[ $peer == *[:.]* || -e $lab_hosts/$peer/address ]] ||
      usage "--peer is a host or an address: not '$peer'"
  done

  # Family by family, for an address is of one.
  for family in ip ip6; do
    from='' to=''
    if [[ ${#peers[@]} -gt 0 ]]; then
      addresses=$(network_addresses "$family" "${peers[@]}")
      [[ -n $addresses ]] || continue
      from="$family saddr { $addresses }" to="$family daddr { $addresses }"
    fi
    if [[ ${#ports[@]} -eq 0 ]]; then
      network_rules "$mode" "$percent" "$direction" "meta protocol $family $from" \
        "meta protocol $family $to"
    fi
    for port in "${ports[@]}"; do
      case $mode in
        silence | reset) port="meta protocol $family tcp dport $port" ;;
        *) port="meta protocol $family meta l4proto { tcp, udp } th dport $port" ;;
      esac
      network_rules "$mode" "$percent" "$direction" "$port $from" "${port/dport/sport} $to"
      # The port may also be the peer's, with this host its client.
      [[ $mode == re* ]] ||
        network_rules "$mode" "$percent" "$direction" "${port/dport/sport} $from" "$port $to"
    done
  done | on_host "$host" nft -f - || fail "the network of '$host' could not be cut"
}

# network_rules MODE PERCENT DIRECTION MATCH-IN MATCH-OUT
network_rules() {
  local verdict reject=''
  case $1 in
    drop) verdict=drop ;;
    loss) verdict="numgen random mod 100 < $2 drop" ;;
    # Handshakes pass, and whatever carries an end of data is lost.
    silence) verdict='tcp flags & psh == psh drop' ;;
    reject) reject='reject with icmpx host-unreachable' ;;
    reset) reject='meta l4proto tcp reject with tcp reset' ;;
  esac
  if [[ -n $reject ]]; then
    cat <<END
add table inet lab
add chain inet lab in { type filter hook input priority 0; }
add rule inet lab in iif "eth0" $4 $reject
END
    return
  fi
  # Not the hooks of the host's own stack: a packet dropped there would be EPERM to who sends it.
  cat <<END
add table netdev lab
add chain netdev lab in { type filter hook ingress device "eth0" priority 0; }
add chain netdev lab out { type filter hook egress device "eth0" priority 0; }
END
  [[ $3 == out ]] || echo "add rule netdev lab in $4 $verdict"
  [[ $3 == in ]] || echo "add rule netdev lab out $5 $verdict"
}

# network_addresses ip|ip6 PEER...: those of one family, a comma between two.
network_addresses() {
  local peer list=''
  for peer in "${@:2}"; do
    if [[ -e $lab_hosts/$peer/address ]]; then
      list+=,$(host_fact "$peer" "address${1#ip}")
    elif [[ ($peer == *:* && $1 == ip6) || ($peer != *:* && $1 == ip) ]]; then
      list+=,$peer
    fi
  done
  echo "${list#,}"
}

network_heal() {
  local wire
  require_host "$@"
  on_host "$1" nft -f - <<'END'
add table netdev lab
delete table netdev lab
add table inet lab
delete table inet lab
END
  network_hasten "$1"
  wire=$(host_fact "$1" wire)
  ip link set "$wire" up
  wait_until wire_is_up "$wire" || fail "the wire of '$1' did not come up"
}

# Between the host's wire and the bridge comes another pair, and between these the one that delays.
network_delay() {
  local host=${1:-} delay=${2:-} jitter=0 wire near far pid ready answer='' milliseconds='^[0-9]{1,6}([.][0-9]+)?$'
  require_host "${@:1:1}"
  require perl ethtool
  [[ $# -eq 2 || ($# -eq 4 && $3 == --jitter) ]] || usage "'delay' needs a host and milliseconds"
  [[ $# -eq 2 ]] || jitter=$4
  [[ $delay =~ $milliseconds && $jitter =~ $milliseconds ]] ||
    usage "a delay is in milliseconds: not '$delay' '$jitter'"
  network_hasten "$host"

  wire=$(host_fact "$host" wire)
  near=${wire/v/n} far=${wire/v/f}
  ip link add "$near" type veth peer name "$far"
  # What is read as a frame must be one: no larger, and with its checksums.
  ethtool -K "$far" tx off tso off gso off >/dev/null
  on_host "$host" ethtool -K eth0 tx off tso off gso off >/dev/null
  ip link set "$wire" nomaster
  ip link set "$far" master br0 up
  ip link set "$near" up

  exec {ready}< <(
    close_inherited
    exec setsid perl "$lab_parts/delay.pl" "$wire" "$near" "$delay" "$jitter" </dev/null \
      2>>"$lab_hosts/$host/log"
  )
  pid=$!
  echo "$pid $(started_at "$pid")" >"$lab_hosts/$host/delay"
  read -r -t "$lab_patience" answer <&"$ready" || true
  exec {ready}<&-
  [[ $answer == up ]] || fail "the network of '$host' could not be delayed:" "$(host_fact "$host" log)"
}

# The end of a delay, if there is one; what is under way is lost.
network_hasten() {
  local pid start wire
  { read -r pid start <"$lab_hosts/$1/delay"; } 2>/dev/null || return 0
  rm "$lab_hosts/$1/delay"
  if is_running "$pid" "$start"; then
    kill -KILL "$pid"
    wait_until is_gone "$pid" "$start" || fail "process $pid does not die"
  fi
  wire=$(host_fact "$1" wire)
  ip link delete "${wire/v/n}" 2>/dev/null || true
  ip link set "$wire" master br0 2>/dev/null || true
}
