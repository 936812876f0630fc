#!/usr/bin/env python3
"""test_bring_up.py KARHUNEN WRITE_INPUTS PROGRAM.elf ...: what shows a machine at work, or stuck:
UART from outside, register log, --stop-at, crash dumps."""
import csv
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from machine import Client, Machine, make_network

NETWORK = ["--network", "net.kvn", "--platform", "bands.yaml"]


def run(*words, exit_code=0):
    done = subprocess.run([KARHUNEN, "run", *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=100, check=False)
    assert done.returncode == exit_code, f"{words}: {done.returncode}, {done.stderr}"
    return done


def program(name, *words, exit_code=0):
    return run("--network", "none", "--firmware", PROGRAMS[name], *words, exit_code=exit_code)


class RegisterLog(unittest.TestCase):
    def rows(self, name="log.csv"):
        with open(name, newline="", encoding="ascii") as file:
            return list(csv.DictReader(file))

    def test_every_access_is_in_it(self):
        program("ticks", "--register-log", "log.csv")
        rows = self.rows()
        widths = [row for row in rows if row["register"] == "INPUT_DECODER.WIDTH"]
        self.assertEqual([row["value"] for row in widths],
                         ["0x7", "0x0", "0x1", "0x5", "0xE", "0x1E"])
        self.assertEqual({(row["access"], row["response"]) for row in widths}, {("write", "ok")})
        self.assertEqual(len({row["pc"] for row in widths}), 2)
        # The text on the UART, and the end.
        sent = [row for row in rows if row["register"] == "UART.DATA"][1:]
        self.assertEqual("".join(chr(int(row["value"], 16)) for row in sent), "ticks\ntotal 30\n")
        self.assertEqual((rows[-1]["register"], rows[-1]["value"]), ("SIMULATION_CONTROL.EXIT", "0x0"))
        times = [int(row["time_ps"]) for row in rows]
        self.assertEqual(times, sorted(times))

    def test_errors_are_in_it(self):
        program("read_unmapped", "--register-log", "log.csv", exit_code=3)
        errors = [row for row in self.rows() if row["response"] == "error"]
        self.assertEqual([(row["access"], row["register"], row["value"]) for row in errors],
                         [("read", "0x40000000", "")])

    def test_memory_is_not(self):
        run(*NETWORK, "--register-log", "log.csv")
        names = {row["register"] for row in self.rows()}
        self.assertIn("DMA.CHANNEL6.DESCRIPTOR", names)
        self.assertFalse([name for name in names if name.startswith("0x")])

    def test_a_file_that_cannot_be_written(self):
        done = program("ticks", "--register-log", "nowhere/log.csv", exit_code=2)
        self.assertIn("nowhere/log.csv: cannot be written", done.stderr)


class StopAt(unittest.TestCase):
    def dump(self, place):
        done = run(*NETWORK, "--stop-at", place, "--crash-dump", "dump.txt", exit_code=5)
        self.assertIn(f"karhunen: --stop-at {place} reached at ", done.stderr)
        self.assertIn(f"\nstopped: --stop-at {place} reached at ", done.stdout)
        return Path("dump.txt").read_text(encoding="utf-8")

    def test_layer(self):
        dump = self.dump("layer:3")
        self.assertRegex(dump, r"(?m)^dma channel \d: .*\n  descriptor at 0x\w+: STREAM_IN, "
                               r"input stream, from 0x8\w+, \d substreams, source stride 0x\w+, "
                               r"layer 3; \d+ transactions in flight$")
        self.assertNotRegex(dump, "compute array: .*layer [456]")

    def test_names(self):
        self.assertEqual(self.dump("layer:3").replace("layer:3", "layer:Conv_12"),
                         self.dump("layer:Conv_12"))
        self.assertEqual(self.dump("tile:1:0:1").replace("tile:1", "tile:Conv_5"),
                         self.dump("tile:Conv_5:0:1"))

    def test_layers_that_are_not_finished_have_no_utilisation(self):
        done = run(*NETWORK, "--stop-at", "layer:3", "--crash-dump", "dump.txt", exit_code=5)
        self.assertRegex(done.stdout, r"\nConv_1 +\d+x\d+x\d+ +\d+ +\d+\.\d ")
        self.assertRegex(done.stdout, r"\nConv_\d+ +\d+x\d+x\d+ +[1-9]\d* +- ")
        self.assertRegex(done.stdout, r"\ntotal +\d+ +- ")
        self.assertNotIn("frames/s", done.stdout)
        self.assertIn(" ms; unfinished\n", done.stdout)
        done = run(*NETWORK, "--stop-at", "layer:3", "--json", "--crash-dump", "dump.txt", exit_code=5)
        self.assertIsNone(json.loads(done.stdout)["frames_per_second"])

    def test_tile(self):
        """The second band of layer 1 is not earlier than the first, and the encoder counts them."""
        bands = []
        for band in [0, 1]:
            dump = self.dump(f"tile:1:0:{band}")
            bands.append(int(re.search(r"encoder: .*, (\d+) jobs done", dump)[1]))
        self.assertLess(bands[0], bands[1])

    def test_time(self):
        self.assertIn("---- at 321.5 us, MTIME 51440\n", self.dump("time:0.3215"))

    def test_it_breaks_into_gdb(self):
        with Machine(KARHUNEN, *NETWORK, "--stop-at", "time:0.3") as machine:
            with Client(machine) as client:
                client.ask("c", "T02thread:1;")
                client.ask("qRcmd," + b"time".hex(), "OK")
                client.ask("c", "W00")
            code, out, _ = machine.end()
        self.assertEqual(code, 0)
        self.assertEqual(out, run(*NETWORK, "--json").stdout)

    def test_what_is_not_reached_is_said(self):
        done = program("ticks", "--stop-at", "time:500")
        self.assertRegex(done.stderr, r"\nkarhunen: --stop-at time:500 was NEVER REACHED: the run "
                                      r"ended at [\d.]+ us\n$")
        done = run(*NETWORK, "--stop-at", "time:500")
        self.assertIn("\nremark: --stop-at time:500 was NEVER REACHED", done.stdout)

    def test_nonsense_is_refused(self):
        for place, why in [("layer", "expected layer:LAYER"), ("layer:", "expected layer:LAYER"),
                           ("tile:1:2", "expected layer:LAYER"), ("time:-1", "expected layer:LAYER"),
                           ("time:1e30", "expected layer:LAYER"),
                           ("layer:7", "there is no layer 7; expected 0 to 6 or one of Conv_1, "),
                           ("layer:x", "there is no layer x; expected 0 to 6 or one of Conv_1, "),
                           ("tile:0:1:0", "there are 1 images"),
                           ("tile:1:0:99", "there are 4 bands")]:
            with self.subTest(place):
                done = run(*NETWORK, "--stop-at", place, exit_code=2)
                self.assertIn(f"--stop-at {place}: {why}", done.stderr)


class CrashDump(unittest.TestCase):
    def test_a_fault_of_the_firmware(self):
        done = program("read_unmapped", exit_code=3)
        for part in [r"cpu: busy since .*\n  pc 0x2000\w+ <finish\+0x\w+>, ra ",
                     r"mcause 0x00000005, mepc 0x2000\w+ <main\+0x\w+>, mtval 0x40000000\n",
                     r"---- blocks\ndma, idle channels: 0 1 2 3 4 5 6 7\ninput decoder: idle",
                     r"---- 1 errors on the bus\n  bus error: read of 4 bytes at 0x40000000",
                     r"---- end of the UART's output\n(.*\n)*fault: trap 5: load access fault"]:
            self.assertRegex(done.stderr, part)

    def test_a_null_pointer(self):
        """In the handler of an interrupt, whose caller is start.S."""
        done = program("nested", exit_code=3)
        self.assertRegex(done.stderr, r"\nfault: trap 5: load access fault at address 0x4, pc 0x2000\w+, "
                                      r"ra 0x2000\w+, sp 0x2003\w+\n")
        self.assertIn("; address 0x4 looks like a null pointer; bus error: ", done.stderr)
        sp = re.search(r"  at the trap: pc 0x2000\w+ <trap\+0x\w+>, ra 0x2000\w+ <trap_entry\+0x\w+>, "
                       r"sp 0x(2003\w+)\n", done.stderr)[1]
        self.assertIn(f", sp 0x{sp.lower()}\n", done.stderr)
        self.assertNotIn("overflow", done.stderr)

    def test_a_stack_overflow(self):
        done = program("overflow", exit_code=3)
        self.assertRegex(done.stderr, "; the stack pointer, 0x1fff\\w+, is outside of firmware.ld's stack, "
                                      "0x2000\\w+ to 0x2003ffc0: stack overflow\\?; bus error: ")
        self.assertRegex(done.stderr, r"\nfault: trap 7: store access fault at address 0x1fff\w+, "
                                      r"pc 0x2000\w+, ra 0x2000\w+, sp 0x1fff\w+\n")
        self.assertRegex(done.stderr, r"\n  at the trap: pc 0x2000\w+ <sum\+0x\w+>, "
                                      r"ra 0x2000\w+ <sum\+0x\w+>, sp 0x1FFF\w+\n")

    def test_silence_before_a_fault(self):
        done = program("sleep_for_ever", exit_code=3)
        self.assertIn("---- end of the UART's output: nothing was sent; text of print() may wait",
                      done.stderr)

    def test_the_watchdog(self):
        done = program("sleep_for_ever", "--crash-dump", "dump.txt", exit_code=3)
        self.assertIn("\ndump: dump.txt\n", "\n" + done.stderr)
        dump = Path("dump.txt").read_text(encoding="utf-8")
        self.assertRegex(dump, r"cpu: asleep in WFI since [\d.]+ [nu]s, ")
        self.assertIn("watchdog: never restarted, expires at 1 s\n", dump)
        self.assertIn("watchdog: no sign of progress from firmware, which has never restarted it (1 s ",
                      done.stderr)

    def test_traps_that_nobody_handles(self):
        for name, words in [("stray", r"interrupt 3 \(software\) that nobody handles"),
                            ("stray_call", "trap 11: environment call")]:
            with self.subTest(name):
                done = program(name, exit_code=3)
                self.assertRegex(done.stderr, rf"\nfault: {words}, pc 0x2000\w+, ra ")

    def test_descriptors_that_are_wrong(self):
        done = program("bad_chains", exit_code=3)
        for part in [r"7: .*\n  descriptor at 0x00001000: it could not be read; 0 transactions",
                     r"6: .*\n  descriptor at 0x2\w+: kind 9, from 0x80000000, 0 x 0 bytes, "
                     r"layer 0: kind 9 is not from 0 to 3; 0 transactions",
                     r"5: .*\n  descriptor at 0x00000000: it could not be read; ",
                     r"4: .*\n  descriptor at 0x2\w+: LOAD, weights, from 0x00000000, "
                     r"1 x 64 bytes, layer 0; 0 transactions"]:
            self.assertRegex(done.stderr, "\ndma channel " + part)
        for part in [r"5: descriptor at 0: it could not be read; DMA channel 5: address 0 looks like "
                     r"a null pointer; ", r"6: descriptor at 0x2\w+: kind 9 is not from 0 to 3; ",
                     r"4: address 0 looks like a null pointer; "]:
            self.assertRegex(done.stderr, "; DMA channel " + part)

    def test_blocks_that_wait_say_for_what(self):
        run(*NETWORK, "--stop-at", "layer:3", "--crash-dump", "dump.txt", exit_code=5)
        dump = Path("dump.txt").read_text(encoding="utf-8")
        self.assertRegex(dump, r"compute array: waits for rows of the activation buffer since .*, "
                               r"layer 3, \d+ jobs done\n  running: TAG=3 .*INPUT_WIDTH=16 ")

    def test_a_good_run_leaves_none(self):
        program("ticks", "--crash-dump", "none.txt")
        self.assertFalse(os.path.exists("none.txt"))


class Uart(unittest.TestCase):
    def start(self, place):
        process = subprocess.Popen(
            [KARHUNEN, "run", "--json", "--network", "none", "--firmware", PROGRAMS["echo"],
             "--uart", place, "--symbolic-trace", "echo.ktr"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stderr.readline()
        found = re.search(r"the UART is at (\S+)", line)
        self.assertTrue(found, line)
        self.assertEqual(" (waiting for a connection)\n" in line, place.startswith("tcp"))
        return process, found[1]

    def check(self, process, read, write):
        """It sleeps between what is typed; the watchdog allows a second."""
        text = b""
        for typed in [b"one", b"two", b"q"]:
            time.sleep(0.2)
            write(typed)
            while not text.endswith(typed):
                data = read(100)
                self.assertTrue(data, text)
                text += data
        self.assertEqual(text, b"ready\nonetwoq")
        out, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn("the program has read what came to the UART, which is not in the trace", errors)
        self.assertIn('"uart": "ready\\nonetwoq"', out)

    def test_pseudo_terminal(self):
        process, path = self.start("pty")
        terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.check(process, lambda n: os.read(terminal, n), lambda b: os.write(terminal, b))
        os.close(terminal)

    def test_tcp(self):
        process, place = self.start("tcp:0")
        host, port = place.split(":")
        with socket.create_connection((host, int(port)), timeout=60) as client:
            self.check(process, client.recv, client.sendall)

    def test_a_client_that_leaves(self):
        """The program waits on, until its watchdog; nothing hangs."""
        process, place = self.start("tcp:0")
        host, port = place.split(":")
        socket.create_connection((host, int(port)), timeout=60).close()
        errors = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 3)
        self.assertIn("watchdog", errors)

    def test_shown_as_ever(self):
        self.assertIn("total 30", program("ticks", "--uart").stderr)
        refused = program("ticks", "--uart", "telnet", exit_code=2)
        self.assertIn("--uart telnet: expected nothing, pty or tcp:PORT", refused.stderr)
        for place in ["tcp:65536", "tcp:"]:
            self.assertIn(f"--uart '{place}': expected a port from 0 to 65535 behind tcp:",
                          program("ticks", "--uart", place, exit_code=2).stderr)


class EmptyWords(unittest.TestCase):
    def test_a_variable_that_was_not_set(self):
        for option in ["--rtl", "--inject", "--stop-at", "--symbolic-trace", "--gdb", "--network"]:
            refused = run(option, "", exit_code=2)
            self.assertIn(f"karhunen: {option}: is empty", refused.stderr)


if __name__ == "__main__":
    KARHUNEN, WRITE_INPUTS, *elf_files = [os.path.abspath(word) for word in sys.argv[1:]]
    PROGRAMS = {Path(elf).stem: elf for elf in elf_files}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_network(KARHUNEN, WRITE_INPUTS)
        unittest.main(argv=sys.argv[:1])
