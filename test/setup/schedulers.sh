#!/bin/sh
# Schedulers for tests, from Debian's packages.
#
#   schedulers.sh install            installs GNU parallel and Slurm where they are missing and where it may
#   schedulers.sh start FOLDER       starts Slurm on this one host; all of its files are in FOLDER
#   schedulers.sh stop FOLDER        ends it
#
# With SLURM_CONF=FOLDER/slurm.conf every command of Slurm talks to this one.
set -eu

# Not the usual ports: a Slurm of the machine's own is left alone.
CONTROLLER_PORT=26817
NODE_PORT=26818

missing() {
  command -v parallel >/dev/null || echo parallel
  { command -v sbatch && command -v slurmctld && command -v slurmd; } >/dev/null || echo slurm-wlm
}

install() {
  packages=$(missing)
  [ -z "$packages" ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing and not to be installed by this user: $packages" >&2
    exit 3
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # shellcheck disable=SC2086
  apt-get install -q -y --no-install-recommends $packages
}

configuration() {
  host=$(hostname -s)
  cat <<END
ClusterName=twincomb
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$CONTROLLER_PORT
SlurmdPort=$NODE_PORT
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/none
CredType=cred/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
EnforcePartLimits=ALL
KillWait=5
MaxArraySize=33
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
StateSaveLocation=$1/state
SlurmdSpoolDir=$1/spool
SlurmctldPidFile=$1/slurmctld.pid
SlurmdPidFile=$1/slurmd.pid
SlurmctldLogFile=$1/slurmctld.log
SlurmdLogFile=$1/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=60 State=UP
END
}

start() {
  mkdir -p "$1/state" "$1/spool"
  configuration "$1" >"$1/slurm.conf"
  export SLURM_CONF="$1/slurm.conf"
  slurmctld -c
  slurmd -c
  for _ in $(seq 60); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then return; fi
    sleep 0.5
  done
  echo "Slurm does not come up:" >&2
  tail -n 20 "$1/slurmctld.log" "$1/slurmd.log" >&2
  stop "$1"
  exit 1
}

stop() {
  for name in slurmctld slurmd; do
    if [ -f "$1/$name.pid" ]; then kill "$(cat "$1/$name.pid")" 2>/dev/null || true; fi
  done
}

case "${1-}" in
  install) install ;;
  start) start "$2" ;;
  stop) stop "$2" ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
