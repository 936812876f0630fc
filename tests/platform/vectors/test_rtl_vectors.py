#!/usr/bin/env python3
"""test_rtl_vectors.py KARHUNEN WRITE_INPUTS PLAY: vectors of the encoder, read by $readmemh of a
bench (play_*.sv), drive RTL of tests/rtl, whose streams must be those of the files."""
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import unittest

from vector_reader import Vectors

SEED = int(os.environ.get("KARHUNEN_RTL_SEED", random.randrange(1, 10**9)))


class Played(unittest.TestCase):
    def setUp(self):
        self.runs = 0

    def play(self, block, **values):
        """values: arrays, whose paths and numbers of lines go to the bench."""
        words = [PLAY, block, f"+seed={SEED}"]
        for name, value in values.items():
            lines = value.entry["bytes"] * 8 // value.entry["word_bits"]
            words += [f"+{name}={os.path.join(value.folder, value.entry['hex'])}",
                      f"+{name.rstrip('s')}_count={lines}"]
        self.runs += 1
        return subprocess.run(words, capture_output=True, text=True, check=False)

    def check_equal(self, block, **values):
        done = self.play(block, **values)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(done.stdout.startswith("equal: "), done.stdout)

    def huffman(self, case):
        for s in range(case.job["STREAMS"]):
            symbols, words = case.arrays[f"symbols{s}"], case.arrays[f"stream{s}"]
            if not symbols.shape[0]:  # fewer channels than substreams
                self.assertEqual(words.entry["bytes"], 0)
                continue
            self.check_equal("huffman", codes=case.arrays["huffman_codes"], symbols=symbols,
                             words=words)

    def pca(self, case):
        names = {key: f"pca_{key}" for key in ("matrix", "forward", "parameters", "symbols")}
        self.check_equal("pca", rows=case.arrays["rows"], means=case.arrays["pca_mean"],
                         **{key: case.arrays[name] for key, name in names.items()})

    def ebpc(self, case):
        for g in range(case.job["STREAMS"] // 2):
            words = case.arrays[f"words{g}"]
            if words.shape[0]:
                self.check_equal("ebpc", words=words, znz=case.arrays[f"stream{2 * g}"],
                                 bpc=case.arrays[f"stream{2 * g + 1}"])

    def check_vectors(self, options, codec):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            subprocess.run([KARHUNEN, "vectors", "--block", "encoder", "-o", f"{folder}/v"] +
                           options.split(), check=True, capture_output=True)
            for case in Vectors(f"{folder}/v").cases:
                with self.subTest(case.name, options=options, seed=SEED):
                    (self.ebpc if codec == "ebpc" else self.huffman)(case)
                    if codec == "transform":
                        self.pca(case)
        self.assertGreater(self.runs, 0)

    def test_a_layer(self):
        for codec in ["transform", "ebpc"]:
            self.check_vectors(f"--layer 2 --codec {codec} --network net.onnx "
                               "--calibration photos --image photos/1.png", codec)

    def test_corners(self):
        for codec in ["vlc", "transform", "ebpc"]:
            self.check_vectors(f"--corner --codec {codec}", codec)

    def test_random(self):
        for codec in ["vlc", "transform", "ebpc"]:
            self.check_vectors(f"--random {SEED} --count 5 --codec {codec}", codec)

    def test_case_svh_can_be_included(self):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            subprocess.run([KARHUNEN, "vectors", "--block", "dma", "-o", f"{folder}/v", "--corner"],
                           check=True, capture_output=True)
            for case in Vectors(f"{folder}/v").cases[:2]:
                with open(f"{folder}/top.sv", "w", encoding="ascii") as file:
                    file.write(f"""module top;
  `include "{case.name}/case.svh"
  logic [MEMORY_BEFORE_BITS-1:0] memory[logic [29:0]];
  initial begin
    $readmemh(MEMORY_BEFORE_HEX, memory);
    $display("%0d %h", MEMORY_BEFORE_WORDS, memory[JOB_DESCRIPTOR[31:2]]);
  end
endmodule
""")
                done = subprocess.run(["verilator", "--lint-only", "-Wall", "-Wno-MULTITOP",
                                       f"-I{folder}/v", f"{folder}/top.sv"], capture_output=True,
                                      text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_changed_file_is_found(self):
        for codec, names in [
                ("ebpc", {"words": "words0", "znz": "stream0", "bpc": "stream1"}),
                ("vlc", {"codes": "huffman_codes", "symbols": "symbols0", "words": "stream0"})]:
            with tempfile.TemporaryDirectory(dir=".") as folder:
                subprocess.run([KARHUNEN, "vectors", "--block", "encoder", "-o", f"{folder}/v",
                                "--random", "1", "--count", "1", "--codec", codec],
                               check=True, capture_output=True)
                case = Vectors(f"{folder}/v").cases[0]
                for name in names.values():
                    self.check_change(case, name, names)

    def check_change(self, case, name, names):
        path = os.path.join(case.arrays[name].folder, case.arrays[name].entry["hex"])
        with open(path, encoding="ascii") as file:
            lines = file.read().split("\n")
        at = len(lines) // 2
        if name == "huffman_codes":  # one that is used
            symbol = case["symbols0"][0] & 0x7FF
            at = 1 + [word >> 19 for word in case[name]].index(symbol)
        digit = "05"[lines[at][-1] == "0"]
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(lines[:at] + [lines[at][:-1] + digit] + lines[at + 1:]))
        done = self.play("ebpc" if "znz" in names else "huffman",
                         **{key: case.arrays[array] for key, array in names.items()})
        self.assertNotIn("equal", done.stdout, name)
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(lines))


if __name__ == "__main__":
    KARHUNEN, WRITE_INPUTS, PLAY = (os.path.abspath(word) for word in sys.argv[1:4])
    print("seed", SEED)
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        subprocess.run([WRITE_INPUTS, "."], check=True)
        unittest.main(argv=[sys.argv[0]] + sys.argv[4:])
