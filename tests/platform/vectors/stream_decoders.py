"""Streams of feature maps decoded bit by bit, from their formats alone (models/codec/README.md,
zvc.h, zrle.h, ebpc.h, vlc.h, transform.h). Slow, and written apart from the C++ codecs."""


class Bits:
    """Reads a stream from its lowest (`low`) or highest bit of each byte on."""

    def __init__(self, data, low):
        self.data, self.low, self.at = data, low, 0

    def bit(self):
        byte, place = self.data[self.at // 8], self.at % 8
        self.at += 1
        return byte >> (place if self.low else 7 - place) & 1

    def number(self, bits):
        value = 0
        for _ in range(bits):
            value = value << 1 | self.bit()
        return value

    def end(self, word_bytes):
        """Nothing but padding up to a whole word is left."""
        assert len(self.data) == -(-self.at // (8 * word_bytes)) * word_bytes, "another length"
        while self.at < 8 * len(self.data):
            assert self.bit() == 0, "padding other than zero"


def zvc(stream, count):
    words, at = [], 0
    while len(words) < count:
        mask = int.from_bytes(bytes(stream[at:at + 4]), "little")
        at += 4
        for i in range(32):
            words.append(stream[at] if mask >> i & 1 else 0)
            at += mask >> i & 1
    assert at == len(stream) and not any(words[count:])
    return words[:count]


def zrle(stream, count):
    bits, words = Bits(stream, low=False), []
    while len(words) < count:
        words += [bits.number(8)] if bits.bit() else [0] * (bits.number(4) + 1)
    bits.end(1)
    assert len(words) == count
    return words


def ebpc_planes(bits):
    """The nine bit planes DBP of a block."""
    planes, zero_planes = [], 0
    while len(planes) < 9:
        before = planes[-1] if planes else 0
        if zero_planes:
            zero_planes -= 1
            planes.append(before)
        elif bits.bit():
            planes.append(before ^ bits.number(7))
        elif bits.bit():
            zero_planes = 1
        elif bits.bit():
            zero_planes = bits.number(3) + 2
        else:
            code, place = bits.number(2), 0
            if code >= 2:
                place = bits.number(3)
            planes.append([before ^ 127, 0, before ^ 96 >> place, before ^ 64 >> place][code])
    assert zero_planes == 0
    return planes


def ebpc(znz, bpc, count):
    bits, nonzero = Bits(znz, low=False), []
    while len(nonzero) < count:
        nonzero += [True] if bits.bit() else [False] * (bits.number(4) + 1)
    bits.end(1)
    assert len(nonzero) == count
    bits, values = Bits(bpc, low=False), []
    while len(values) < sum(nonzero):
        words = [bits.number(8)]
        planes = ebpc_planes(bits)
        for i in range(7):
            difference = sum((planes[k] >> (6 - i) & 1) << k for k in range(8))
            words.append((words[-1] + difference) & 255)  # the sign plane leaves 8 bits alone
        values += words
    bits.end(1)
    left = iter(values)
    return [next(left) if word else 0 for word in nonzero]


def in_band(sequences, job):
    """Rows of sequences of words, sequence g with channels g modulo their number."""
    rows, width, channels = job["ROWS"], job["WIDTH"], job["CHANNELS"]
    band = [0] * (rows * width * channels)
    for g, words in enumerate(sequences):
        left = iter(words)
        for y in range(rows):
            for c in range(g, channels, len(sequences)):
                for x in range(width):
                    word = next(left)
                    signed = job["FORMAT"] == 1 and word > 127
                    band[(y * width + x) * channels + c] = word - 256 if signed else word
    return band


def canonical_codes(lengths):
    """Codes as texts: shorter ones first, those of a length in the order of their symbols."""
    codes, code, before = [""] * len(lengths), 0, 0
    for s in sorted(range(len(lengths)), key=lambda s: (lengths[s], s)):
        code <<= lengths[s] - before
        before = lengths[s]
        codes[s] = format(code, f"0{before}b")
        code += 1
    return codes


def huffman(stream, lengths, low, count):
    """lengths: of the codes of symbols low, low + 1, .."""
    symbol_of = {code: low + s for s, code in enumerate(canonical_codes(lengths))}
    bits, symbols = Bits(stream, low=True), []
    for _ in range(count):
        code = ""
        while code not in symbol_of:
            code += "01"[bits.bit()]
        symbols.append(symbol_of[code])
    bits.end(2)
    return symbols
