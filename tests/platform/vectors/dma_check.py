"""Chains of the DMA carried out on the memory before (sw/include/karhunen/dma.h)."""
import struct
import zlib

COPY, LOAD, STREAM_IN, STREAM_OUT = range(4)
FIELDS = ["next", "kind", "port", "tag", "source", "destination", "row_bytes", "rows",
          "source_stride", "destination_stride", "tile_entry", "entry_offset", "values", "crc32",
          "n_streams"]


def image_of(array):
    """Bytes by address."""
    data, image = array.bytes(), {}
    for segment in array.segments():
        for i in range(segment["bytes"]):
            image[segment["address"] + i] = data[i]
        data = data[segment["bytes"]:]
    return image


def read(image, address, count):
    return bytes(image[address + i] for i in range(count))


def write(image, address, data):
    for i, byte in enumerate(data):
        assert address + i in image, "written where nothing was known before"
        image[address + i] = byte


def descriptor_at(image, address):
    words = struct.unpack("<28I", read(image, address, 112))
    d = dict(zip(FIELDS, words))
    d["bytes"] = words[15:15 + min(d["n_streams"], 12)]
    return d


def stream_out(image, d, streams):
    for s, stream in enumerate(streams):
        write(image, d["destination"] + s * d["destination_stride"], stream)
    lengths = [len(stream) for stream in streams]
    entry = [d["entry_offset"], d["values"], zlib.crc32(b"".join(streams)), d["n_streams"]]
    write(image, d["tile_entry"], struct.pack("<16I", *entry, *lengths, *[0] * (12 - len(lengths))))


def check_transfer(image, d, told, port):
    """port: bytes of each substream; told: the descriptor in the manifest."""
    for name, value in told.items():
        expected = {"kind": ["copy", "load", "stream_in", "stream_out"][d["kind"]],
                    "bytes": list(d["bytes"])}.get(name, d.get(name))
        assert value == expected, f"descriptor, {name}"
    source = [read(image, d["source"] + r * d["source_stride"], d["row_bytes"])
              for r in range(d["rows"])] if d["kind"] in (COPY, LOAD) else []
    if d["kind"] == COPY:
        assert not port
        for r, row in enumerate(source):
            write(image, d["destination"] + r * d["destination_stride"], row)
    elif d["kind"] == LOAD:
        assert port == [b"".join(source)], "what the port takes"
    elif d["kind"] == STREAM_IN:
        assert port == [read(image, d["source"] + s * d["source_stride"], n)
                        for s, n in enumerate(d["bytes"])], "what the port takes"
        assert zlib.crc32(b"".join(port)) == d["crc32"], "CRC-32"
    else:
        assert len(port) == d["n_streams"]
        stream_out(image, d, port)


def check(case):
    image = image_of(case.arrays["memory_before"])
    address = case.job["DESCRIPTOR"]
    for t, told in enumerate(case.job["transfers"]):
        d = descriptor_at(image, address)
        port = [bytes(stream) for stream in case.all(f"port{t}_")]
        check_transfer(image, d, told, port)
        address = d["next"]
    assert address == 0, "the chain goes on"
    assert image == image_of(case.arrays["memory_after"]), "memory after"
