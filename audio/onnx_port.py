"""The only importer of onnxruntime and of the package `onnx`: runs models, reads them, writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

OPSET = 14
"""Of the models as shipped and of those written here."""
CONTRIB = "com.microsoft"
"""The domain of onnxruntime's own operators."""

_ERRORS_ONLY = 3  # onnxruntime warns of things that nobody at a dinner table can mend
_PROVIDERS = ["CPUExecutionProvider"]
_IR_VERSION = 8  # of the ONNX format itself: old enough for every onnxruntime allowed


class Session(Protocol):
    """A model ready to run."""

    def run(self, output_names: Sequence[str] | None, feeds: Mapping[str, NDArray[Any]]) -> list[Any]:
        """The arrays of the outputs named (None: all, in the model's order) for the inputs, by name."""


def open_session(path: Path, *, threads: int = 1) -> Session:
    """Load a model file (.onnx or .ort) to run on `threads` cores.

    Raises whatever onnxruntime raises for a file that is absent or is no model.
    """
    return cast(Session, onnxruntime.InferenceSession(path, _options(threads), providers=_PROVIDERS))


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    if not _has_vnni():
        # Older processors add up products of int8 in 16 bits, and overflow. This is the slower, exact way.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


@cache
def _has_vnni() -> bool:
    """Whether the processor adds up products of int8 in 32 bits. False for not known, as outside Linux."""
    try:
        return "vnni" in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of a graph."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, lists of integers, bytes, or arrays."""
    branches: Mapping[str, Graph] = field(default_factory=dict)
    """The graphs that an If chooses from. They see the values of the graph around them."""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A model, or a branch of one. Values are known by their names."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Value:
    """An input or output of a model."""

    name: str
    dtype: Any
    """Of numpy."""
    shape: tuple[int | str, ...] | None = None
    """A name stands for a size known only at run time; None for a shape left to onnxruntime."""


def read_ort(path: Path) -> Graph:
    """The graph of a file in onnxruntime's own format, which its loader never simplifies.

    Raises OSError if the file cannot be read, ValueError if it is of another format.
    """
    from onnxruntime.tools.ort_format_model.ort_model_processor import fbs

    data = path.read_bytes()
    session = fbs.InferenceSession.InferenceSession
    if not session.InferenceSessionBufferHasIdentifier(data, 0):
        raise ValueError(f"{path} is not in ORT format")
    return _read_graph(session.GetRootAs(data).Model().Graph())


def write_onnx(graph: Graph, inputs: Sequence[Value], outputs: Sequence[Value], path: Path) -> None:
    """Write a graph as an ONNX model. Its nodes must stand in an order in which they can run.

    Folding constants and the like is left to onnxruntime, which does it at each loading as it likes.
    Raises OSError if the file cannot be written.
    """
    from onnx import helper, numpy_helper

    model = helper.make_model(
        helper.make_graph(
            [
                helper.make_node(node.op, node.inputs, node.outputs, domain=node.domain, **_attributes(node))
                for node in graph.nodes
            ],
            path.stem,
            [_value_info(value) for value in inputs],
            [_value_info(value) for value in outputs],
            [numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        ir_version=_IR_VERSION,
    )
    path.write_bytes(model.SerializeToString())


def _attributes(node: Node) -> dict[str, Any]:
    from onnx import numpy_helper

    return {
        name: numpy_helper.from_array(value) if isinstance(value, np.ndarray) else value
        for name, value in node.attributes.items()
    }


def _value_info(value: Value) -> Any:
    from onnx import helper

    kind = helper.np_dtype_to_tensor_dtype(np.dtype(value.dtype))
    return helper.make_tensor_value_info(value.name, kind, value.shape)


def _read_graph(graph: Any) -> Graph:
    tensors = (graph.Initializers(at) for at in range(graph.InitializersLength()))
    return Graph(
        nodes=tuple(_read_node(graph.Nodes(at)) for at in range(graph.NodesLength())),
        constants={tensor.Name().decode(): _read_tensor(tensor) for tensor in tensors},
    )


def _read_node(node: Any) -> Node:
    attributes = {}
    branches = {}
    for at in range(node.AttributesLength()):
        attribute = node.Attributes(at)
        name = attribute.Name().decode()
        if attribute.G() is not None:
            branches[name] = _read_graph(attribute.G())
        else:
            attributes[name] = _read_attribute(attribute)
    return Node(
        op=node.OpType().decode(),
        inputs=tuple(node.Inputs(at).decode() for at in range(node.InputsLength())),
        outputs=tuple(node.Outputs(at).decode() for at in range(node.OutputsLength())),
        attributes=attributes,
        branches=branches,
        domain=node.Domain().decode(),
    )


def _read_attribute(attribute: Any) -> Any:
    from onnx import AttributeProto

    match attribute.Type():
        case AttributeProto.FLOAT:
            return attribute.F()
        case AttributeProto.STRING:
            return attribute.S()
        case AttributeProto.INT:
            return attribute.I()
        case AttributeProto.TENSOR:
            return _read_tensor(attribute.T())
        case AttributeProto.INTS:
            return [attribute.Ints(at) for at in range(attribute.IntsLength())]
        case kind:
            raise ValueError(f"attribute {attribute.Name().decode()} is of a kind not known here ({kind})")


def _read_tensor(tensor: Any) -> NDArray[Any]:
    from onnx import helper

    shape = [tensor.Dims(at) for at in range(tensor.DimsLength())]
    raw = tensor.RawDataAsNumpy().tobytes() if tensor.RawDataLength() else b""
    return np.frombuffer(raw, helper.tensor_dtype_to_np_dtype(tensor.DataType())).reshape(shape)
