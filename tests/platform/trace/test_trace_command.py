"""`karhunen run --symbolic-trace` and `karhunen trace` as a user sees them."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ["KARHUNEN_PROGRAM"]
FIRMWARE = os.environ["KARHUNEN_FIRMWARE"]


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def karhunen(self, *words):
        return subprocess.run([PROGRAM, *words], capture_output=True, text=True, cwd=self.folder)

    def record(self):
        done = self.karhunen("run", "--network", "none", "--firmware", FIRMWARE,
                             "--symbolic-trace", "run.ktr")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("symbolic trace: ", done.stderr)
        self.assertNotIn("warning", done.stderr)
        return (self.folder / "run.ktr").read_text()

    def refused(self, code, parts, *words):
        before = sorted(self.folder.iterdir())
        done = self.karhunen(*words)
        self.assertEqual(done.returncode, code, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertEqual(sorted(self.folder.iterdir()), before)
        return done

    def test_a_recorded_run_replays(self):
        self.record()
        done = self.karhunen("trace", "run.ktr", "--uart")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("as recorded", done.stdout)
        self.assertIn("round 2: 0 wrong", done.stderr)
        report = json.loads(self.karhunen("trace", "run.ktr", "--json").stdout)
        self.assertEqual(report["done"], report["actions"])
        self.assertEqual(report["mismatches"], [])

    def test_what_is_wrong_is_refused_with_its_place(self):
        text = self.record()
        (self.folder / "bad.ktr").write_text(text.replace("DMA.CHANNEL7", "DMA.CHANNEL9", 1))
        line = next(n for n, l in enumerate(text.splitlines(), 1) if "DMA.CHANNEL7" in l)
        self.refused(2, [f"bad.ktr:{line}: field 2 (register): found 'DMA.CHANNEL9."], "trace",
                     "bad.ktr")
        self.refused(2, ["missing.ktr", "cannot be opened"], "trace", "missing.ktr")
        self.refused(2, ["missing.yaml"], "trace", "run.ktr", "--platform", "missing.yaml")
        (self.folder / "run.ktr.bin").unlink()
        self.refused(2, ["run.ktr.bin", "cannot be opened"], "trace", "run.ktr")

    def test_a_mismatch_is_told(self):
        lines = self.record().splitlines()
        at = next(n for n, l in enumerate(lines) if l.startswith("mem_check"))
        lines[at] = " ".join(lines[at].split()[:3]) + " 0x0"
        (self.folder / "run.ktr").write_text("\n".join(lines))
        done = self.refused(4, [f"mismatch: run.ktr:{at + 1}: found crc 0x"], "trace", "run.ktr")
        self.assertIn("1 mismatch\n", done.stdout)

    def test_nothing_is_left_of_a_run_that_is_refused(self):
        self.refused(2, ["missing.elf"], "run", "--network", "none", "--firmware", "missing.elf",
                     "--symbolic-trace", "run.ktr")
        self.refused(2, ["no/run.ktr"], "run", "--network", "none", "--firmware", FIRMWARE,
                     "--symbolic-trace", "no/run.ktr")


if __name__ == "__main__":
    unittest.main()
