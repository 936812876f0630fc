"""The SystemVerilog reader of symbolic traces, under Verilator: a recorded run is done to a bus
that logs, and the log must be what the text says, read independently here."""
import os
import re
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILD = Path(os.environ["KARHUNEN_BUILD"])
PROGRAM = os.environ["KARHUNEN_PROGRAM"]


def addresses():
    """Name -> (address, bytes) of every register, from the C header."""
    header = (ROOT / "sw/registers/karhunen_registers.h").read_text()
    return {name: (int(value, 16), 1 if name.startswith("UART_") else 4)
            for name, value in re.findall(r"#define KARHUNEN_(\w+)_ADDRESS (\w+)", header)}


def interrupts():
    header = (ROOT / "sw/registers/karhunen_registers.h").read_text()
    return {name: int(value, 16)
            for name, value in re.findall(r"#define KARHUNEN_(\w+)_IRQ (\w+)", header)}


class Expected:
    """What a bus that always gives what is hoped for sees of a trace."""

    def __init__(self, text, folder):
        self.log, self.answers = [], []
        self.actions = self.mismatches = 0
        self.memory, self.loads = {}, b""
        self.registers, self.sources = addresses(), interrupts()
        waiting = 0
        for line in text.splitlines()[1:]:
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "memory":
                self.loads = (folder / words[1]).read_bytes()
                continue
            self.actions += 1
            waiting = self.action(words, waiting)

    def read(self, name, value):
        address, size = self.registers[name.replace(".", "_")]
        self.log.append(f"read {address:x} {size}")
        self.answers.append(f"{value:x}")

    def action(self, words, waiting):
        kind, numbers = words[0], [int(w, 0) for w in words[2:] if w not in ("hex", "file")]
        if kind == "reg_write":
            address, size = self.registers[words[1].replace(".", "_")]
            self.log.append(f"write {address:x} {size} {numbers[0]:x}")
        elif kind == "reg_read":
            self.read(words[1], numbers[0])
        elif kind == "poll":
            self.read(words[1], numbers[1])
        elif kind == "poll_least":
            self.read(words[1], (numbers[0] + 5) % 2**32)
        elif kind == "wait_irq":
            source = self.sources[words[1]]
            self.log += [f"irq {source}", f"claim {source}"]
        else:
            self.memory_action(kind, int(words[1], 0), numbers, words)
        return waiting

    def memory_action(self, kind, address, numbers, words):
        size, crc = numbers[:2]
        if kind == "mem_load":
            if words[4] == "file":
                data = self.loads[numbers[2]:numbers[2] + size]
            else:
                data = b"".join(w.to_bytes(4, "little") for w in numbers[2:])[:size]
            for i, byte in enumerate(data):
                self.memory[address + i] = byte
        else:
            data = bytes(self.memory.get(address + i, 0) for i in range(size))
        self.mismatches += zlib.crc32(data) != crc


class TraceBench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run(
            ["verilator", "--binary", "--timing", "-Wall", "--top-module", "trace_bench",
             "--Mdir", BUILD / "trace_bench", "-CFLAGS", "-O0",
             ROOT / "sw/registers/karhunen_registers_pkg.sv",
             ROOT / "platform/trace/karhunen_trace_pkg.sv",
             ROOT / "tests/platform/trace/trace_bench.sv"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        cls.bench = BUILD / "trace_bench" / "Vtrace_bench"

    def play(self, path, answers, *plusargs):
        folder = path.parent
        (folder / "answers").write_text("\n".join(answers) + "\n")
        done = subprocess.run([self.bench, f"+trace={path}", f"+answers={folder}/answers",
                               f"+log={folder}/log", *plusargs], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = re.search(r"actions (\d+) mismatches (\d+) bad (\d) together (\d+) "
                            r"unanswered (\d+)", done.stdout)
        return [int(n) for n in summary.groups()], (folder / "log").read_text().splitlines(), \
            done.stdout

    def of_text(self, text, answers=(), *plusargs):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "run.ktr")
            path.write_text(text)
            return self.play(path, list(answers), *plusargs)

    def test_a_recorded_run_is_done_as_the_text_says(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "run.ktr")
            firmware = os.environ["KARHUNEN_FIRMWARE"]
            done = subprocess.run([PROGRAM, "run", "--network", "none", "--firmware", firmware,
                                   "--symbolic-trace", path], capture_output=True, text=True)
            self.assertTrue(path.exists(), done.stderr)
            expected = Expected(path.read_text(), path.parent)
            self.assertGreater(expected.actions, 20)
            numbers, log, text = self.play(path, expected.answers)
            self.assertEqual(numbers, [expected.actions, expected.mismatches, 0, 0, 0], text)
            self.assertEqual(log, expected.log)

    def test_every_action_is_understood(self):
        text = """karhunen-trace 1
            # memory, and a comment # in a comment
            mem_load 0x80000000 6 0x4b8e39ef hex 0x64636261 0x6665  # abcdef
            mem_check 0x80000000 6 0x4b8e39ef
            reg_write DMA.CHANNEL7.DESCRIPTOR 0x20000100
            poll DMA.CHANNEL7.CHANNEL_STATUS 0x3 0x0
            poll_least DMA.CHANNEL6.CHAINS_DONE 5
            wait_irq DMA 1
            poll DMA.CHANNEL4.CHANNEL_STATUS 0x2 0x0
            reg_read UART.LSR 0x60 0x60
            reg_write UART.DATA 75"""
        # The first poll takes three looks, the counter is beyond at the second.
        numbers, log, out = self.of_text(text, ["1", "3", "0", "4", "7", "1", "ff"])
        self.assertEqual(numbers, [9, 0, 0, 0, 0], out)
        self.assertEqual(log, [
            "write 10010120 4 20000100", "read 10010128 4", "pause", "read 10010128 4", "pause",
            "read 10010128 4", "read 10010114 4", "pause", "read 10010114 4", "irq 2", "claim 2",
            "read 100100c8 4", "read 10000005 1", "write 10000000 1 4b"])

    def test_mismatches_are_counted(self):
        for lines, answers, told in [
                ("mem_load 0 1 0 hex 0", [], "crc of the data: found d202ef8d"),
                ("mem_check 0 4 0x12345678", [], "crc of memory at 00000000: found 2144df1c"),
                ("reg_read DMA.ID 1 0xff", ["2"],
                 "DMA.ID at 10010000: found 00000002, expected 00000001"),
                ("poll DMA.STATUS 1 0", ["1"] * 3, "DMA.STATUS at 10010008 polled in vain"),
                ("poll_least DMA.JOBS_DONE 9", ["8"] * 3, "DMA.JOBS_DONE at 10010018 polled")]:
            with self.subTest(lines):
                numbers, _, out = self.of_text("karhunen-trace 1\n# text\n\n" + lines, answers)
                self.assertEqual(numbers[:3], [1, 1, 0], out)
                self.assertIn(f"run.ktr:4: {told}", out)

    def test_interrupts_may_come_together(self):
        """None is pending, but what it tells is true, at the second look: it came before."""
        wait = "karhunen-trace 1\nwait_irq DMA 1\npoll DMA.CHANNEL4.CHANNEL_STATUS 2 0\n"
        numbers, log, out = self.of_text(wait, ["2", "1", "1"], "+silent")
        self.assertEqual(numbers, [2, 0, 0, 1, 0], out)
        self.assertEqual(log, ["irq 2", "read 100100c8 4", "pause", "irq 2", "read 100100c8 4",
                               "irq 2", "read 100100c8 4"])
        numbers, log, out = self.of_text(wait, ["2"] * 8, "+silent")
        self.assertEqual(numbers[1], 2, out)  # no interrupt, and the poll is in vain
        self.assertIn("run.ktr:2: no interrupt of DMA came", out)
        self.assertIn("run.ktr:3: DMA.CHANNEL4.CHANNEL_STATUS at 100100c8 polled in vain", out)
        numbers, _, out = self.of_text("karhunen-trace 1\nwait_irq UART 0\n", [], "+silent")
        self.assertEqual(numbers[:4], [1, 1, 0, 0], out)

    def test_bad_text_ends_the_replay(self):
        for lines, told in [
                ("reg_wirte UART.DATA 1", "2: 'reg_wirte' is no action"),
                ("reg_write UART.DATUM 1", "2: 'UART.DATUM' is no register"),
                ("reg_write UART.DATA x", "2: a number was expected"),
                ("reg_write UART.DATA 1f", "2: a number was expected"),
                ("reg_write UART.DATA", "2: the line ends in the middle"),
                ("reg_write UART.DATA # 1", "2: the line ends in the middle"),
                ("reg_write UART.DATA\n1", "2: the line ends in the middle"),
                ("mem_check 0 0 0 reg_write UART.DATA 1", "2: the line goes on"),
                ("reg_write UART.DATA 0x100", "2: 0x100 is above 0xff"),
                ("reg_read DMA.ID 0 4294967296", "2: 4294967296 is above 0xffffffff"),
                ("poll UART.LSR 256 0", "2: 256 is above 0xff"),
                ("mem_load 0x10000000000000000 1 0 hex 0", "2: 0x10000000000000000 is above"),
                ("mem_check 0 4 x", "2: a number was expected"),
                ("wait_irq BUFFERS 0", "2: 'BUFFERS' has no interrupt"),
                ("wait_irq DMA 1\nreg_write UART.DATA 1", "3: conditions of an interrupt"),
                ("memory missing.bin", "2: missing.bin cannot be opened"),
                ("mem_load 0 1 0 octal 0", "2: 'octal' is neither hex nor file")]:
            with self.subTest(lines):
                numbers, log, out = self.of_text("karhunen-trace 1\n" + lines +
                                                 "\nreg_write UART.DATA 1\n")
                self.assertEqual(numbers[1:3], [1, 1], out)
                self.assertIn("run.ktr:" + told, out)
                self.assertEqual([entry for entry in log if entry.startswith("write")], [])
        self.assertEqual(self.of_text("karhunen-trace 2\n")[0][1:3], [1, 1])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.play(Path(folder, "missing.ktr"), [])[0][1:3], [1, 1])


if __name__ == "__main__":
    unittest.main()
