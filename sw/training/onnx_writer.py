"""Writes the few messages of ONNX's protobuf format that export.py needs.

Numbers of fields: onnx.proto of ONNX 1.12 (the onnx Python package is not needed).
"""

FLOAT, INT8 = 1, 3  # TensorProto.DataType


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    data = value if isinstance(value, bytes) else value.encode()
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, array):
    kind = {"float32": FLOAT, "int8": INT8}[array.dtype.name]
    dims = b"".join(number(1, d) for d in array.shape)
    return dims + number(2, kind) + text(8, name) + text(9, array.tobytes())


def attribute(name, value):
    if isinstance(value, int):
        return text(1, name) + number(3, value) + number(20, 2)
    return text(1, name) + b"".join(number(8, v) for v in value) + number(20, 7)


def node(kind, name, inputs, output, **attributes):
    return (b"".join(text(1, i) for i in inputs) + text(2, output) + text(3, name) + text(4, kind)
            + b"".join(text(5, attribute(k, v)) for k, v in attributes.items()))


def value_info(name, shape):
    dims = b"".join(text(1, number(1, d)) for d in shape)
    return text(1, name) + text(2, text(1, number(1, FLOAT) + text(2, dims)))


def model(nodes, tensors, given, result, opset, metadata):
    graph = (b"".join(text(1, n) for n in nodes) + text(2, "karhunen")
             + b"".join(text(5, t) for t in tensors) + text(11, given) + text(12, result))
    return (number(1, 7) + text(2, "karhunen") + text(7, graph)
            + text(8, text(1, "") + number(2, opset))
            + b"".join(text(14, text(1, k) + text(2, v)) for k, v in metadata.items()))
