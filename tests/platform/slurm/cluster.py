"""A Slurm cluster of this machine alone: munged, slurmctld and a slurmd for each of its nodes, with
keys, ports and folders of their own. Nothing of the system's Slurm is read or touched."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo", "scontrol"]
PR_SET_PDEATHSIG = 1

CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
# A task that lost its node starts again when its old credential is void.
AuthInfo=socket={folder}/munge/socket,cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=3
MessageTimeout=2
TCPTimeout=1
KillWait=1
SchedulerParameters=batch_sched_delay=0,sched_interval=1
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """What a cluster would need and is not there."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if os.geteuid() != 0:
        return "root"
    try:
        socket.gethostbyname("localhost")
    except OSError:
        return "localhost in /etc/hosts"
    if not os.path.ismount("/sys/fs/cgroup"):  # slurmd 22.05 does not start without
        return "/sys/fs/cgroup, mounted"
    return ", ".join(p for p in PROGRAMS if not shutil.which(p))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.01)


def environment_of(process):
    try:
        with open(f"/proc/{process}/environ", "rb") as file:
            return file.read().decode(errors="replace").split("\0")
    except OSError:
        return []


def processes_with(setting):
    """Those of this environment variable, but for this process."""
    all_processes = [int(p) for p in os.listdir("/proc") if p.isdigit()]
    return [p for p in all_processes if p != os.getpid() and setting in environment_of(p)]


def session_of(process):
    try:
        return os.getsid(process)
    except ProcessLookupError:
        return 0


def kill(processes):
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Cluster:
    """nodes: their names, each with one processor. At the end, no process of it is left."""

    def __init__(self, folder, nodes):
        self.folder, self.nodes, self.daemons = folder, nodes, {}
        self.setting = f"SLURM_CONF={folder}/slurm.conf"

    def __enter__(self):
        os.environ["SLURM_CONF"] = f"{self.folder}/slurm.conf"
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start_all(self):
        os.makedirs(f"{self.folder}/munge", mode=0o700)
        os.makedirs(f"{self.folder}/state")
        munge = f"{self.folder}/munge"
        with open(os.open(f"{munge}/key", os.O_CREAT | os.O_WRONLY, 0o400), "wb") as key:
            key.write(os.urandom(128))
        host, ports = socket.gethostname().split(".")[0], free_ports(1 + len(self.nodes))
        address = f"NodeHostname={host} NodeAddr=127.0.0.1"
        nodes = "\n".join(f"NodeName={node} {address} Port={port} CPUs=1"
                          for node, port in zip(self.nodes, ports[1:]))
        text = CONFIGURATION.format(folder=self.folder, host=host, ports=ports, nodes=nodes)
        with open(f"{self.folder}/slurm.conf", "w", encoding="ascii") as file:
            file.write(text)
        self.start("munged", ["munged", "--foreground", "--force", f"--key-file={munge}/key",
                              f"--socket={munge}/socket", f"--pid-file={munge}/pid",
                              f"--log-file={munge}/log", f"--seed-file={munge}/seed",
                              "--num-threads=1", "--origin=127.0.0.1"])
        wait_until(lambda: os.path.exists(f"{munge}/socket"), "munged does not start")
        self.start("slurmctld", ["slurmctld", "-D"])
        for node in self.nodes:
            self.start_node(node)
        wait_until(lambda: all(self.state(node) == "idle" for node in self.nodes),
                   f"the cluster does not start: {self.log()}")

    def start(self, name, words):
        libc = ctypes.CDLL(None)
        log = open(f"{self.folder}/{name}.log", "ab")  # pylint: disable=consider-using-with
        self.daemons[name] = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        log.close()

    def start_node(self, node):
        self.start(node, ["slurmd", "-D", "-N", node])

    def kill_node(self, node):
        """As if its power went off: the daemon, the shepherds of its tasks, and the tasks."""
        on_node = set(processes_with(f"SLURMD_NODENAME={node}"))
        ours = processes_with(self.setting)
        sessions = {session_of(p) for p in ours if p in on_node}
        daemon = self.daemons.pop(node)
        kill([daemon.pid] + [p for p in ours if session_of(p) in sessions])
        daemon.wait()

    def tasks(self):
        """Processes of tasks, on all nodes."""
        ours = processes_with(self.setting)
        return [p for p in ours if any(s.startswith("SLURM_ARRAY_TASK_ID=")
                                       for s in environment_of(p))]

    def state(self, node):
        answer = subprocess.run(["sinfo", "-h", "-n", node, "-o", "%T"], capture_output=True,
                                text=True, check=False)
        return answer.stdout.strip()

    def jobs(self):
        """Of each task that was ever submitted, what Slurm knows: {name: value}."""
        answer = subprocess.run(["scontrol", "show", "jobs", "-o"], capture_output=True, text=True,
                                check=True)
        return [dict(word.split("=", 1) for word in line.split() if "=" in word)
                for line in answer.stdout.splitlines() if line.startswith("JobId")]

    def log(self):
        text = ""
        for name in ["slurmctld"] + self.nodes:
            with open(f"{self.folder}/{name}.log", encoding="utf-8", errors="replace") as file:
                text += f"--- {name}\n" + "".join(file.readlines()[-15:])
        return text

    def stop(self):
        os.environ.pop("SLURM_CONF", None)
        for daemon in self.daemons.values():
            daemon.kill()
            daemon.wait()
        while left := processes_with(self.setting):
            kill(left)
            time.sleep(0.05)
