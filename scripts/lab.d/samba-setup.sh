#!/bin/bash
# On a host, puts smb.conf.new in place and makes what it speaks of: samba-setup.sh NAME:PASSWORD... -- NAME:STATE...
set -euo pipefail

# What it does not understand is but a remark to it.
if ! testparm --suppress-prompt /etc/samba/smb.conf.new >/dev/null 2>/run/testparm || grep -qiE 'unknown|ignoring' /run/testparm; then
  cat /run/testparm >&2
  exit 1
fi
mv /etc/samba/smb.conf.new /etc/samba/smb.conf

if [[ ! -d /srv/samba ]]; then
  mkdir -p /srv/samba/{guest,user,enc,hdeny,max1}
  mkdir -m 1777 /srv/samba/spool
  for directory in /srv/samba/{guest,user,enc,hdeny,max1}; do
    chmod 0777 "$directory"
    echo hello >"$directory/hello.txt"
    # 4 MiB in which every line knows its place.
    seq -w 599187 >"$directory/big.bin"
    truncate --size=4M "$directory/big.bin"
  done
  # The machine's own accounts and secrets are none of a host's.
  rm -rf /var/lib/samba/private /var/lib/samba/*.tdb
  mkdir -m 0700 /var/lib/samba/private
fi

while [[ $1 != -- ]]; do
  user=${1%%:*} password=${1#*:}
  id "$user" >/dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin "$user"
  printf '%s\n%s\n' "$password" "$password" | smbpasswd -s -a "$user" >/run/smbpasswd 2>&1 ||
    { cat /run/smbpasswd >&2; exit 1; }
  shift
done
shift

for account; do
  user=${account%%:*}
  case ${account#*:} in
    disabled) smbpasswd -d "$user" ;;
    locked) pdbedit --user "$user" --account-control '[L]' ;;
    must-change) net sam set pwdmustchangenow "$user" yes ;;
    account-expired) pdbedit --user "$user" --kickoff-time 978307200 ;;
    password-expired)
      # Only an import can set the day of the last change; 30 days is the age that the rest is under.
      pdbedit --account-policy 'maximum password age' --value 2592000
      pdbedit --smbpasswd-style --list --user "$user" | sed 's/LCT-[0-9A-F]*/LCT-3A4FC880/' >/run/account
      pdbedit --import smbpasswd:/run/account
      rm /run/account
      ;;
    *)
      echo "lab: an account is disabled, locked, must-change, account-expired or password-expired: not '$account'" >&2
      exit 1
      ;;
  esac >/dev/null
done
