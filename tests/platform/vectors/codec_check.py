"""Bands of encoder and decoder: streams decoded here give the rows, rows quantised here the symbols."""
import struct
import zlib

import stream_decoders as decoders
from arithmetic import clamped, rounded


class Vlc:
    """Parameters of vlc, and what it does to a band; see models/codec/README.md and vlc.h."""

    def __init__(self, table):
        (number, version, self.forward_shift, self.inverse_shift, self.low, self.high,
         self.forward, self.inverse) = struct.unpack_from("<4B2h2i", table)
        assert (number, version) == (1, 1)
        self.lengths = [byte & 15 for byte in table[16:]]
        self.lanes = None

    def symbols(self, rows):
        return [clamped(rounded(x * self.forward, self.forward_shift), self.low, self.high)
                for x in rows]

    def rows(self, symbols):
        return [clamped(rounded(q * self.inverse, self.inverse_shift), 0, 255) for q in symbols]


class Transform:
    """The same of transform; see transform.h."""

    def __init__(self, table):
        (number, version, self.channels, self.lanes, self.low, self.high, self.forward_shift,
         self.inverse_shift, self.out_shift, flags) = struct.unpack_from("<2B2H2h4B", table)
        assert (number, version, flags) == (2, 2, 0)
        at = 14

        def array(code, count):
            nonlocal at
            values = struct.unpack_from(f"<{count}{code}", table, at)
            at += struct.calcsize(f"<{count}{code}")
            return values

        (self.out_multiplier,) = array("i", 1)
        self.forward, self.inverse = array("i", self.lanes), array("i", self.lanes)
        self.offset, self.mean = array("i", self.channels), array("h", self.channels)
        self.matrix = [array("b", self.channels) for _ in range(self.lanes)]
        self.lengths = [byte & 15 for byte in table[at:]]

    def symbols(self, rows):
        result = []
        for at in range(0, len(rows), self.channels):
            x = [v - m for v, m in zip(rows[at:], self.mean)]
            for weights, scale in zip(self.matrix, self.forward):
                y = sum(u * v for u, v in zip(weights, x))
                result.append(clamped(rounded(y * scale, self.forward_shift), self.low, self.high))
        return result

    def rows(self, symbols):
        result = []
        for at in range(0, len(symbols), self.lanes):
            z = [clamped(rounded(q * scale, self.inverse_shift), -16383, 16383)
                 for q, scale in zip(symbols[at:], self.inverse)]
            for c in range(self.channels):
                v = sum(row[c] * k for row, k in zip(self.matrix, z)) + self.offset[c]
                result.append(clamped(rounded(v * self.out_multiplier, self.out_shift), 0, 255))
        return result


def interleaved(parts, lanes):
    """Values of substream s belong to lanes s modulo the substreams."""
    left, result = [iter(part) for part in parts], []
    for _ in range(sum(map(len, parts)) // lanes):
        result += [next(left[c % len(parts)]) for c in range(lanes)]
    return result


def check_symbols(case, streams, unit, decoded):
    job, pixels = case.job, case.job["ROWS"] * case.job["WIDTH"]
    lanes, count = unit.lanes or job["CHANNELS"], len(streams)
    parts = []
    for s, stream in enumerate(streams):
        n = pixels * len(range(s, lanes, count))
        parts.append(decoders.huffman(stream, unit.lengths, unit.low, n))
    assert parts == case.all("symbols"), "symbols"
    check_codes(case["huffman_codes"], unit)
    symbols = interleaved(parts, lanes)
    assert not isinstance(unit, Transform) or case["pca_symbols"] == symbols, "symbols of PCA"
    if decoded:
        assert unit.rows(symbols) == case["rows"], "the streams decode to other rows"
    else:
        assert unit.symbols(case["rows"]) == symbols, "the rows have other symbols"


def check_codes(words, unit):
    """Load words: symbol, length, code with its first bit lowest."""
    codes = decoders.canonical_codes(unit.lengths)
    assert words == [((unit.low + i) & 0x7FF) << 19 | len(code) << 15 | int(code[::-1], 2)
                     for i, code in enumerate(codes)], "code table"


def raw(streams, job):
    size = {0: "B", 1: "b", 2: "h", 3: "i"}[job["FORMAT"]]
    parts = [struct.unpack(f"<{len(s) // struct.calcsize(size)}{size}", bytes(s)) for s in streams]
    return interleaved(parts, job["CHANNELS"])


def sequences(streams, job, decode, per_coder):
    coders = len(streams) // per_coder
    words = []
    for g in range(coders):
        n = job["ROWS"] * job["WIDTH"] * len(range(g, job["CHANNELS"], coders))
        words.append(decode(*streams[g * per_coder:(g + 1) * per_coder], n))
    return words


def check_entry(case, streams):
    entry = case["tile_entry"]
    assert entry[1] == len(case["rows"]), "values of the entry"
    assert entry[2] == zlib.crc32(b"".join(map(bytes, streams))), "CRC-32 of the entry"
    assert entry[3:] == [len(streams)] + (list(map(len, streams)) + [0] * 12)[:12], "lengths"


def check(case, decoded):
    """True where the codec is one that is decoded here."""
    job, streams, rows = case.job, case.all("stream"), case["rows"]
    assert len(streams) == job["STREAMS"]
    check_entry(case, streams)
    codec = job["codec"]
    if codec in ("vlc", "transform"):
        unit = {"vlc": Vlc, "transform": Transform}[codec](bytes(case["table"]))
        check_symbols(case, streams, unit, decoded)
    elif codec == "raw":
        assert raw(streams, job) == rows, "raw"
    elif codec in ("zvc", "zrle"):
        words = sequences(streams, job, getattr(decoders, codec), 1)
        assert decoders.in_band(words, job) == rows, codec
    elif codec == "ebpc":
        words = sequences(streams, job, decoders.ebpc, 2)
        assert words == case.all("words"), "words"
        assert decoders.in_band(words, job) == rows, codec
    else:
        return False
    return True
