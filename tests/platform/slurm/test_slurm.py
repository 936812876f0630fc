#!/usr/bin/env python3
"""test_slurm.py KARHUNEN WRITE_INPUTS [-k CASE]: `karhunen explore --engine slurm` on a real
cluster, whatever happens to its tasks and nodes, against --engine local. Exit code 77: skipped."""
import contextlib
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import cluster as slurm

SWEEP = """
network: net.onnx
calibration: photos
grid:
  codec: [raw, ebpc]
  array.output_lanes: [1, 2, 4]
  array.clock_mhz: [100, 120, 140, 160, 200, 240]
  ddr.device: [ddr3-1066-4gb-x16, ddr3-1600-4gb-x16]
points:
  - {codec: raw, buffers.activation_kib: 1}   # no such network
  - {codec: raw, cpu.watchdog_ms: 0.001}      # no such run
objectives: [max fps, min logic]
"""
POINTS = 74
PATH = "sweeps/a sweep.yaml"  # no shell is to see it
ENOUGH = 4  # points, of a sweep that is in the middle


def contents(folder):
    """Every result of a sweep, byte for byte."""
    files = ["results.csv", "results.json"]
    for pattern in ["points/*/*.json", "points/*/platform.yaml", "networks/*/*"]:
        files += [os.path.relpath(f, folder) for f in glob.glob(f"{folder}/{pattern}")]
    found = {}
    for name in files:
        with open(f"{folder}/{name}", "rb") as file:
            found[name] = file.read()
    return found


def results_in(folder):
    """Which files they are, and when they were written."""
    stats = {f: os.stat(f) for f in glob.glob(f"{folder}/points/*/result.json")}
    return {f: (s.st_ino, s.st_mtime_ns) for f, s in stats.items()}


class SlurmEngine(unittest.TestCase):
    """The cases share a cluster; each has a folder of its own. README.md says what they show."""

    def setUp(self):
        self.before = {job["JobId"] for job in CLUSTER.jobs()}

    def jobs(self):
        """Tasks that this case submitted."""
        return [job for job in CLUSTER.jobs() if job["JobId"] not in self.before]

    def start(self, output, *words, program=None, **options):
        return subprocess.Popen(
            [program or PROGRAM, "explore", PATH, "-o", output, "--engine", "slurm", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def finish(self, process, exit_code=0):
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, exit_code, out + err + CLUSTER.log())
        return err

    def start_and_wait(self, output, *words, **options):
        """Until it is in the middle."""
        process = self.start(output, *words, **options)
        slurm.wait_until(lambda: len(results_in(output)) >= ENOUGH or process.poll() is not None,
                         "there are no points", 60)
        return process

    def assert_in_the_middle(self, output):
        self.assertLess(len(results_in(output)), POINTS - ENOUGH)

    def assert_as_local(self, output):
        local, here = contents("local"), contents(output)
        self.assertEqual(sorted(local), sorted(here))
        for name, text in local.items():
            self.assertEqual(text, here[name], name)

    def test_whole(self):
        for attempt in range(3):  # a busy machine's cluster may lose a task, which is told; not always
            self.setUp()
            output = f"$HOME, 100 %a {attempt}"
            told = self.finish(self.start(output, "--tasks", "4"))
            self.assert_as_local(output)
            if not told:
                break
        self.assertEqual(told, "")
        self.assertEqual(len(contents(output)), 2 + 2 * POINTS + 2 * 3 + 1)
        nodes = [job["NodeList"] for job in self.jobs()]
        self.assertEqual(set(nodes), {"n1", "n2"})  # and not this process
        self.assertEqual(len(nodes), 2 + 4)
        logs = [os.path.basename(f) for f in glob.glob(f"{output}/slurm/points-*.log")]
        self.assertEqual(sorted(logs), [f"points-{i}.log" for i in range(4)])
        before = results_in(output)
        self.finish(self.start(output))  # nothing is left to do
        self.assertEqual(results_in(output), before)
        self.assertEqual(len(self.jobs()), 2 + 4)

    def test_shard(self):
        shutil.copytree("local", "shards")
        os.mkdir("shards/slurm")
        points = [p for p in range(POINTS) if p % 10 != 3]
        write("shards/slurm/points.list", "".join(f"{p}\n" for p in points))
        for result in results_in("shards"):
            os.remove(result)
        with open("shards/results.json", encoding="utf-8") as file:
            hashes = [point["point"] for point in json.load(file)]
        for shard in range(7):
            subprocess.run([PROGRAM, "explore", PATH, "-o", "shards", "--stage", "points",
                            "--shard", f"{shard}/7"], check=True)
            done = len(points) * (shard + 1) // 7
            self.assertEqual({os.path.basename(os.path.dirname(f)) for f in results_in("shards")},
                             {hashes[p] for p in points[:done]})
        for wrong in ["7/7", "0", "/", "a/2", "1/2/3", "0/0", "-1/2"]:
            words = [PROGRAM, "explore", PATH, "-o", "shards", "--stage", "points",
                     f"--shard={wrong}"]
            self.assertEqual(subprocess.run(words, stderr=subprocess.DEVNULL).returncode, 2, wrong)

    def test_node(self):
        process = self.start_and_wait("node", "--tasks", "2")
        CLUSTER.kill_node("n1")
        self.assert_in_the_middle("node")
        slurm.wait_until(lambda: CLUSTER.state("n1").startswith("down"), "n1 is not missed")
        CLUSTER.start_node("n1")
        self.finish(process)
        self.assert_as_local("node")
        self.assertIn("1", [job["Restarts"] for job in self.jobs()])
        slurm.wait_until(lambda: CLUSTER.state("n1") == "idle", "n1 does not come back")

    def test_tasks(self):
        process = self.start_and_wait("task", "--tasks", "2", env=silent_squeue())
        slurm.kill(CLUSTER.tasks())
        self.assert_in_the_middle("task")
        slurm.wait_until(lambda: os.path.exists("asked"), "squeue is not asked")
        time.sleep(2)
        self.assertEqual(len(self.jobs()), 2 + 2)  # none was submitted again
        write(PATH, "something: else")  # this sweep goes on as it was
        write("answer", "")
        self.assertIn("submitted again", self.finish(process))
        write(PATH, SWEEP)
        self.assert_as_local("task")

    def test_ended(self):
        for end in [signal.SIGTERM, signal.SIGKILL, signal.SIGINT]:
            output = f"ended-{end}"
            process = self.start_and_wait(output, "--tasks", "2")
            process.send_signal(end)
            self.finish(process, -end)
            if end != signal.SIGKILL:  # whose tasks go on, until the next one cancels them
                slurm.wait_until(lambda: not CLUSTER.tasks(), f"tasks outlive {end}", 5)
                self.assert_in_the_middle(output)
            before = results_in(output)
            alive = {job["JobId"] for job in self.jobs() if job["JobState"] == "RUNNING"}
            self.finish(self.start(output, "--tasks", "2"))
            if end == signal.SIGKILL:
                cancelled = {j["JobId"] for j in self.jobs() if j["JobState"] == "CANCELLED"}
                self.assertEqual(len(alive & cancelled), 2)
            self.assert_as_local(output)
            after = results_in(output)
            self.assertEqual({name: after[name] for name in before}, before)

    def test_lost(self):
        os.link(PROGRAM, "program") if same_device() else shutil.copy(PROGRAM, "program")
        process = self.start_and_wait("lost", "--tasks", "2", program=os.path.abspath("program"))
        os.remove("program")  # of the nodes: tasks that start now fail
        slurm.kill(CLUSTER.tasks())
        self.finish(process)
        with open("lost/results.json", encoding="utf-8") as file:
            points = json.load(file)
        lost = [p for p in points if p.get("reason") == "its task was lost 3 times"]
        good = [p for p in points if p["status"] == "good"]
        self.assertEqual(len(points), POINTS)
        self.assertGreaterEqual(len(good) + 2, ENOUGH)
        self.assertGreater(len(lost), ENOUGH)
        with open("local/results.json", encoding="utf-8") as file:
            local = {p["point"]: p for p in json.load(file)}
        for point in good:
            self.assertEqual(point["results"], local[point["point"]]["results"])

    def test_told(self):
        refused = self.finish(self.start("never", "--sbatch=--partition=none"), 2)
        self.assertIn("invalid partition", refused)
        self.assertIn("--sbatch", refused)
        refused = self.finish(self.start("never", "--sbatch=--chdir=/"), 2)
        self.assertIn("no task makes anything", refused)
        self.assertIn("there is no sweeps/net.onnx", refused)
        self.assertEqual(results_in("never"), {})
        refused = self.finish(self.start("never", env={"PATH": "/nonexistent"}), 2)
        self.assertIn("there is no sbatch", refused)
        self.finish(self.start("never", "--tasks", "2"))
        self.assert_as_local("never")


def silent_squeue():
    """An environment whose squeue fails until there is the file `answer`."""
    os.mkdir("bin")
    write("bin/squeue", f"""#!/bin/sh
touch asked
test -e answer || {{ echo "squeue: error: Unable to contact slurm controller" >&2; exit 1; }}
exec {shutil.which("squeue")} "$@"
""")
    os.chmod("bin/squeue", 0o755)
    return {**os.environ, "PATH": os.path.abspath("bin") + ":" + os.environ["PATH"]}


def write(name, text):
    with open(name, "w", encoding="ascii") as file:
        file.write(text)


def same_device():
    return os.stat(PROGRAM).st_dev == os.stat(".").st_dev


def main():
    global PROGRAM, CLUSTER
    if lacks := slurm.missing():
        print(f"SKIPPED: a Slurm cluster needs {lacks}")
        sys.exit(77)
    PROGRAM, write_inputs = sys.argv[1:3]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="karhunen-slurm-") as folder, \
            contextlib.ExitStack() as at_end:
        at_end.callback(os.chdir, "/")
        os.mkdir(f"{folder}/cluster")
        try:
            CLUSTER = at_end.enter_context(slurm.Cluster(f"{folder}/cluster", ["n1", "n2"]))
        except TimeoutError as error:  # it has to do with the machine, not with us
            print(f"SKIPPED: {error}")
            sys.exit(77)
        os.chdir(folder)
        subprocess.run([write_inputs, "sweeps"], check=True)
        write(PATH, SWEEP)
        subprocess.run([PROGRAM, "explore", PATH, "-o", "local"], check=True,
                       stdout=subprocess.DEVNULL)
        result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, failfast=True,
                               verbosity=2).result
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
