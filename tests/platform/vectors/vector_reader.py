"""Reads a folder of vectors, knowing platform/vectors/README.md and nothing else: every file is
checked (length, CRC-32, hex against binary) when its values are asked for."""
import json
import os
import re
import struct
import zlib

CODES = {"u8": "B", "s8": "b", "u16": "H", "s16": "h", "s12": "h", "u32": "I", "s32": "i"}
ROLES = {"stimulus", "expectation", "parameters", "inside"}


def memory_of(path, word_bytes):
    """What $readmemh makes of a file: bytes by address."""
    memory, address = {}, 0
    with open(path, encoding="ascii") as text:
        for line in text.read().splitlines():
            if line.startswith("@"):
                address = int(line[1:], 16)
                continue
            assert len(line) == 2 * word_bytes, f"{path}: {line!r} is no word"
            for i, byte in enumerate(int(line, 16).to_bytes(word_bytes, "little")):
                memory[address * word_bytes + i] = byte
            address += 1
    return memory


class Array:
    """One array of a case."""

    def __init__(self, folder, entry):
        self.folder, self.entry = folder, entry
        self.name, self.role, self.shape = entry["name"], entry["role"], entry["shape"]
        assert self.role in ROLES, self.role

    def bytes(self):
        with open(os.path.join(self.folder, self.entry["binary"]), "rb") as file:
            data = file.read()
        where = self.entry["binary"]
        assert len(data) == self.entry["bytes"], f"{where}: {len(data)} bytes"
        assert zlib.crc32(data) == self.entry["crc32"], f"{where}: CRC-32"
        word = self.entry["word_bits"] // 8
        assert word * 8 == self.entry["word_bits"]
        memory = memory_of(os.path.join(self.folder, self.entry["hex"]), word)
        for segment in self.segments():
            part, data_left = data[:segment["bytes"]], data[segment["bytes"]:]
            first, data = segment["address"], data_left
            filled = part + bytes(-len(part) % word)
            found = bytes(memory.pop(first + i) for i in range(len(filled)))
            assert found == filled, f"{self.entry['hex']}: differs from the binary"
        assert not data and not memory, f"{self.entry['hex']}: other segments"
        with open(os.path.join(self.folder, where), "rb") as file:
            return file.read()

    def segments(self):
        return self.entry.get("segments", [{"address": 0, "bytes": self.entry["bytes"]}])

    def values(self):
        data, code = self.bytes(), CODES[self.entry["type"]]
        values = list(struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data))
        expected = 1
        for extent in self.shape:
            expected *= extent
        assert len(values) == expected, f"{self.entry['binary']}: not of its shape {self.shape}"
        if self.entry["type"] == "s12":
            assert all(-2048 <= v < 2048 for v in values), f"{self.entry['binary']}: beyond 12 bits"
        return values


class Case:
    def __init__(self, folder, entry):
        self.name, self.job, self.tile = entry["name"], entry["job"], entry["tile"]
        self.arrays = {f["name"]: Array(folder, f) for f in entry["files"]}
        assert len(self.arrays) == len(entry["files"]), "two arrays of one name"
        self.include = os.path.join(folder, entry["include"])

    def __contains__(self, name):
        return name in self.arrays

    def __getitem__(self, name):
        return self.arrays[name].values()

    def check_include(self):
        """case.svh says of each array and register what the manifest and the files do."""
        with open(self.include, encoding="ascii") as file:
            text = file.read().replace("32'd", "")
            found = dict(re.findall(r"(\w+) = \"?([^\";,]*)", text))
        expected = {f"JOB_{name}": str(value) for name, value in self.job.items()
                    if name.isupper() and isinstance(value, int)}
        for name, array in self.arrays.items():
            with open(os.path.join(array.folder, array.entry["hex"]), encoding="ascii") as file:
                text = file.read()
            words = text.count("\n") - text.count("@")
            expected |= {f"{name.upper()}_HEX": array.entry["hex"],
                         f"{name.upper()}_WORDS": str(words),
                         f"{name.upper()}_BITS": str(array.entry["word_bits"])}
        assert found == expected, f"{self.include}: {found.items() ^ expected.items()}"

    def all(self, prefix):
        """prefix0, prefix1, ..: their values."""
        found = []
        while prefix + str(len(found)) in self.arrays:
            found.append(self[prefix + str(len(found))])
        return found


class Vectors:
    def __init__(self, folder):
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        assert self.manifest["format"] == "karhunen-vectors-1"
        self.cases = [Case(folder, entry) for entry in self.manifest["cases"]]
        assert len({case.name for case in self.cases}) == len(self.cases) > 0

    def check_files(self):
        for case in self.cases:
            for array in case.arrays.values():
                array.values()
