#!/bin/sh
# slurm.sh - a run in shards as a Slurm job array, merged by a job that waits for all of them.
#
#   tests/bench/slurm.sh KAOPING RUBRIC UNITS.csv [SHARDS]
#
# Starts Slurm of its own in a folder of its own: munge, one controller, two nodes that are both this
# machine; so it needs Debian's slurm-wlm and munge, and to be root. One task of the array is cancelled on
# its way and run again alone. Says whether the bytes are those of one run; leaves nothing behind.
set -eu
kaoping=$(realpath "$1") rubric=$(realpath "$2") units=$(realpath "$3") shards=${4:-5}
folder=$(mktemp -d)
export SLURM_CONF=$folder/slurm.conf
finish() {
    for name in slurmd1 slurmd2 slurmctld munged; do
        [ -f "$folder/$name.pid" ] && kill "$(cat "$folder/$name.pid")" 2>/dev/null
    done
    sleep 1
    rm -rf "$folder"
}
trap finish EXIT

cd "$folder"
chmod 755 .
mkdir state spool1 spool2 munge
dd if=/dev/urandom of=munge/key bs=1 count=1024 2>/dev/null
chmod 700 munge
chmod 400 munge/key
chown -R munge:munge munge
munged --key-file="$folder/munge/key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" --force >/dev/null 2>&1
cat >slurm.conf <<CONF
ClusterName=kaoping
SlurmctldHost=$(hostname)
SlurmUser=root
SlurmctldPort=16817
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdPidFile=$folder/slurmd%n.pid
SlurmdLogFile=$folder/slurmd%n.log
SlurmdSpoolDir=$folder/spool%n
StateSaveLocation=$folder/state
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
ReturnToService=2
NodeName=1 NodeHostname=$(hostname) Port=16818 CPUs=1
NodeName=2 NodeHostname=$(hostname) Port=16819 CPUs=1
PartitionName=all Nodes=1,2 Default=YES State=UP
CONF
slurmctld
slurmd -N 1
slurmd -N 2
for i in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(sinfo -h -o %D -t idle)" = 2 ] && break
    sleep 1
done

shard="$kaoping score $rubric $units --shard"
job=$(sbatch --parsable --array="1-$shards" --chdir="$folder" --output=shard-%a.log \
    --wrap "sleep 0.5; $shard \$SLURM_ARRAY_TASK_ID/$shards -o part-\$SLURM_ARRAY_TASK_ID.kpp")
merge=$(sbatch --parsable --dependency="afterok:$job" --chdir="$folder" --output=merge.log \
    --wrap "$kaoping merge part-*.kpp -o merged.csv -q")
scancel "${job}_2" # the array is not well then, and nothing is merged
while squeue -h -j "$job" -t pending,running,completing | grep -q .; do
    sleep 0.5
done
[ ! -e merged.csv ] || { echo "slurm: merged although a shard is missing"; exit 1; }
scancel "$merge"
again=$(sbatch --parsable --array=2 --chdir="$folder" --output=shard-again.log \
    --wrap "$shard \$SLURM_ARRAY_TASK_ID/$shards -o part-\$SLURM_ARRAY_TASK_ID.kpp")
sbatch --parsable --dependency="afterok:$again" --chdir="$folder" --output=merge.log --wait \
    --wrap "$kaoping merge part-*.kpp -o merged.csv -q" >/dev/null
"$kaoping" score "$rubric" "$units" -q -o whole.csv
cmp merged.csv whole.csv
echo "slurm: $shards shards on two nodes, one of them run again alone: the bytes of one run"
