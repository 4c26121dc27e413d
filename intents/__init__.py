"""Words to meaning: sentences, matching, and word graphs. Pure and synchronous; no sound, no clock.

This page is the whole of the package for everyone outside it.
"""

from .catalogue import Catalogue, languages, load
from .normalise import normalise, strip_prefix
from .plain_yaml import Items, Node, Table, Text, read_yaml
from .problems import PackError, Problem, nearest
from .result import Candidate, Expecting, Layer, Option, Slots, Understanding
from .word_graph import WordGraph, concatenated, graph_of, united

__all__ = [
    "Candidate",
    "Catalogue",
    "Expecting",
    "Items",
    "Layer",
    "Node",
    "Option",
    "PackError",
    "Problem",
    "Slots",
    "Table",
    "Text",
    "Understanding",
    "WordGraph",
    "concatenated",
    "graph_of",
    "languages",
    "load",
    "nearest",
    "normalise",
    "read_yaml",
    "strip_prefix",
    "united",
]
