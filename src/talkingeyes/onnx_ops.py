"""The operators of an ONNX file, read from its protobuf wire format without any package, and which are accepted.

Loops and branches may run for ever, and a file of 100 bytes can hold one; strings and sequences are of no use to a
network of ours. A file is checked before onnxruntime sees it. Field numbers: onnx.proto of ONNX 1.18.
"""

from __future__ import annotations

from collections.abc import Iterator

MAX_NODES = 20_000
ACCEPTED = frozenset({
    "Abs", "Acos", "Add", "And", "ArgMax", "ArgMin", "Asin", "Atan", "AveragePool", "BatchNormalization",
    "BitShift", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv",
    "ConvTranspose", "Cos", "Cosh", "CumSum", "DepthToSpace", "DequantizeLinear", "Div", "Dropout",
    "DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand", "EyeLike", "Flatten", "Floor", "GRU",
    "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater",
    "GreaterOrEqual", "GroupNormalization", "HardSigmoid", "HardSwish", "Identity", "InstanceNormalization",
    "IsInf", "IsNaN", "LSTM", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax",
    "MatMul", "MatMulInteger", "Max", "MaxPool", "Mean", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "OneHot", "Or",
    "PRelu", "Pad", "Pow", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RNN", "RandomNormal",
    "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "Reciprocal", "ReduceL1", "ReduceL2",
    "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
    "ReduceSumSquare", "Relu", "Reshape", "Resize", "Round", "ScatterElements", "ScatterND", "Selu", "Shape",
    "Sigmoid", "Sign", "Sin", "Sinh", "Size", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Split",
    "Sqrt", "Squeeze", "Sub", "Sum", "Tan", "Tanh", "ThresholdedRelu", "Tile", "TopK", "Transpose", "Trilu",
    "Unsqueeze", "Where", "Xor",
})  # fmt: skip
"""Of ONNX's own domain: arithmetic on tensors that ends after a number of steps that its inputs' sizes give."""

_MODEL_GRAPH, _MODEL_FUNCTIONS = 7, 25
_GRAPH_NODE = 1
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_GRAPHS = (6, 11)
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def unaccepted_operators(model: bytes) -> list[str]:
    """The first operators, functions or inner graphs of a model that are not accepted; none if all are.

    Raises:
        ValueError: no ONNX model, damaged, or with more than `MAX_NODES` nodes.
    """
    graphs = []
    for number, content in _fields(memoryview(model)):
        if number == _MODEL_FUNCTIONS:
            return ["a function of its own"]
        if number == _MODEL_GRAPH:
            graphs.append(content)  # a graph in several parts is put together: each is checked
    if not graphs:
        raise ValueError("holds no graph")
    nodes = [content for graph in graphs for number, content in _fields(graph) if number == _GRAPH_NODE]
    if len(nodes) > MAX_NODES:
        raise ValueError(f"{len(nodes)} operators; {MAX_NODES} are accepted")
    found = (_refused(node) for node in nodes)
    return list(dict.fromkeys(name for name in found if name))[:5]


def _refused(node: memoryview) -> str:
    """What is not accepted of a node; empty where it is."""
    name, domain, holds_graph = "", "", False
    for number, content in _fields(node):
        if number == _NODE_OPERATOR:
            name = bytes(content).decode("utf-8", "replace")
        elif number == _NODE_DOMAIN:
            domain = bytes(content).decode("utf-8", "replace")
        elif number == _NODE_ATTRIBUTE:
            holds_graph |= any(inner in _ATTRIBUTE_GRAPHS for inner, _ in _fields(content))
    if name in ACCEPTED and domain in ("", "ai.onnx") and not holds_graph:
        return ""
    return f"{domain}.{name}" if domain else name or "one without a name"


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of a message's fields that hold bytes; the others are passed over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
            continue
        if kind == _BYTES:
            size, at = _varint(message, at)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("is no protobuf")
        if not number or at + size > len(message):
            raise ValueError("is no protobuf, or cut short")
        if kind == _BYTES:
            yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
    raise ValueError("is no protobuf, or cut short")
