#!/usr/bin/env python3
"""test_gdb.py KARHUNEN GDB WRITE_INPUTS FIRMWARE PROGRAM.elf ...: programs under the real GDB, by
scripts/NAME.gdb and what must come out, scripts/NAME.expected, in which "<...>" stands for anything
within a line."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from machine import Client, Machine, make_network, packet

SCRIPTS = Path(__file__).resolve().parent / "scripts"


def await_ready(machine):
    """Until the program says so at its terminal: GDB has let it go."""
    terminal = os.open(re.search(r"/dev/\S+", machine.errors)[0], os.O_RDWR | os.O_NOCTTY)
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 100)
    os.close(terminal)
    time.sleep(0.3)  # until it sleeps


def debug(machine, script, elf, interrupts=False):
    """GDB's output; interrupts: Ctrl-C as soon as the program is ready."""
    gdb = subprocess.Popen(
        [GDB, "-nx", "-batch", "-ex", "set width 0", "-ex", "set confirm off",
         "-ex", f"target remote localhost:{machine.port}", "-x", SCRIPTS / f"{script}.gdb", elf],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if interrupts:
        await_ready(machine)
        gdb.send_signal(signal.SIGINT)
    try:
        return gdb.communicate(timeout=100)[0]
    finally:
        gdb.kill()


def pattern(expected):
    return ".*".join(re.escape(part) for part in expected.split("<...>"))


class Scripts(unittest.TestCase):
    def check(self, script, program, *options, exit_code=0, interrupts=False):
        network = ["--network", "none"] if "--network" not in options else []
        with Machine(KARHUNEN, *network, "--firmware", PROGRAMS[program], *options) as machine:
            lines = debug(machine, script, PROGRAMS[program], interrupts).splitlines()
            code, out, errors = machine.end()
        expected = (SCRIPTS / f"{script}.expected").read_text().splitlines()
        for number, (line, good) in enumerate(zip(lines, expected), 1):
            self.assertRegex(line, f"^{pattern(good)}$",
                             f"{script}.expected:{number}\n" + "\n".join(lines))
        self.assertEqual(len(lines), len(expected), "\n".join(lines))
        self.assertEqual(code, exit_code, errors)
        return out, errors

    def test_steps(self):
        errors = self.check("steps", "ticks")[1]
        self.assertIn("total 120", errors)  # what GDB changed

    def test_interrupts(self):
        self.check("interrupts", "ticks")

    def test_watchpoints(self):
        self.check("watch", "ticks")

    def test_monitor(self):
        self.check("monitor", "ticks")

    def test_fault(self):
        self.check("fault", "read_unmapped", exit_code=3)

    def test_backtrace_through_traps(self):
        self.check("backtrace", "nested", exit_code=3)

    def test_stack_overflow(self):
        self.check("overflow", "overflow", exit_code=3)

    def test_ctrl_c(self):
        self.check("interrupted", "echo", "--uart", "pty", "--crash-dump", "dump.txt", exit_code=5,
                   interrupts=True)

    def test_firmware(self):
        """Of networks; and nothing comes out differently."""
        run = ["--network", "net.kvn", "--platform", "bands.yaml"]
        alone = subprocess.run([KARHUNEN, "run", "--json", "--firmware",
                                PROGRAMS["karhunen_firmware"], *run],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True)
        out, errors = self.check("firmware", "karhunen_firmware", *run)
        self.assertEqual(out, alone.stdout)
        self.assertIn("done", errors)


class Connections(unittest.TestCase):
    """Without GDB: what may happen to a connection."""

    def machine(self):
        return Machine(KARHUNEN, "--network", "none", "--firmware", PROGRAMS["ticks"])

    def check_end(self, machine, total=30):
        code, _, errors = machine.end()
        self.assertEqual(code, 0, errors)
        self.assertIn(f"total {total}", errors)

    def test_the_program_goes_on_when_the_connection_ends(self):
        """Its breakpoints go with it."""
        for last in [b"", b"$g#", packet("Z0,%x,2" % entry_of("square")), b"$" + 100000 * b"a"]:
            with self.subTest(last[:20]), self.machine() as machine:
                with Client(machine) as client:
                    client.ask("?", "T02thread:1;")
                    client.send(last)
                self.check_end(machine)

    def test_nonsense_is_survived(self):
        with self.machine() as machine, Client(machine) as client:
            client.send(bytes(range(256)) * 100 + b"$m0,ffffffff#00" + b"$" + 100000 * b"}" + b"#00")
            client.send(packet("QStartNoAckMode") + packet("P0=") + packet("vCont;t"))
            client.ask("qC", "QC1")
            client.send(packet("c"))
            client.expect("W00")
            self.check_end(machine)

    def test_a_second_client_waits_for_the_first(self):
        with self.machine() as machine:
            with Client(machine) as first, Client(machine) as second:
                first.ask("?", "T02thread:1;")
                first.ask("Z0,%x,2" % entry_of("square"), "OK")
                first.ask("c", "T05thread:1;")
                second.send(packet("?"))
                first.ask("D", "OK")
            # It goes on without breakpoints, and may be at its end before the second one is seen.
            self.check_end(machine)

    def test_kill(self):
        with self.machine() as machine, Client(machine) as client:
            client.ask("vKill;1", "OK")
            code, _, errors = machine.end()
            self.assertEqual(code, 5, errors)
            self.assertIn("GDB ended the simulation at 6.25 ns", errors)

    def test_stopping_changes_no_times(self):
        """Each of 300 instructions is a stop."""
        outputs = []
        for steps in [0, 300]:
            with self.machine() as machine, Client(machine) as client:
                client.ask("QStartNoAckMode", "OK")
                for _ in range(steps):
                    client.ask("s", "T05thread:1;")
                client.ask("c", "W00")
                outputs.append(machine.end()[1])
        self.assertIn("simulated_ms", outputs[0])
        self.assertEqual(outputs[0], outputs[1])

    def test_the_file_with_the_symbols_is_named(self):
        with self.machine() as machine:
            self.assertEqual(machine.symbols, PROGRAMS["ticks"])
        with Machine(KARHUNEN, "--network", "net.kvn", "--platform", "bands.yaml") as machine:
            self.assertEqual(machine.symbols, PROGRAMS["karhunen_firmware"])

    def test_a_port_that_is_taken(self):
        with self.machine() as machine:
            refused = subprocess.run(
                [KARHUNEN, "run", "--network", "none", "--firmware", PROGRAMS["ticks"], "--gdb",
                 str(machine.port)], stderr=subprocess.PIPE, text=True, timeout=60, check=False)
            self.assertEqual(refused.returncode, 2)
            self.assertIn(f"--gdb: port {machine.port}: Address already in use", refused.stderr)


def entry_of(function):
    symbols = subprocess.run([GDB, "-nx", "-batch", "-ex", f"print/d (unsigned){function}",
                              PROGRAMS["ticks"]], stdout=subprocess.PIPE, text=True, check=True)
    return int(symbols.stdout.split("=")[1])


if __name__ == "__main__":
    KARHUNEN, GDB, WRITE_INPUTS, *elf_files = [os.path.abspath(word) if os.sep in word else word
                                               for word in sys.argv[1:]]
    PROGRAMS = {Path(elf).stem: elf for elf in elf_files}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_network(KARHUNEN, WRITE_INPUTS)
        unittest.main(argv=sys.argv[:1])
