"""Runs in the side environment: the same table between the same nodes by other searches. Reads a job (JSON),
writes JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Graph(NamedTuple):
    """The arcs that leave node s are `ptr[s]:ptr[s + 1]` of `head` and `ms`; `tail` says where each leaves.
    The table is from `starts` to `nodes`.
    """

    ptr: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int32]
    ms: NDArray[np.int64]
    nodes: NDArray[np.int64]
    starts: NDArray[np.int64]


Prepared = tuple[float, Callable[[], object]]  # seconds of the processor, and what fills the table


def scipy(graph: Graph) -> Prepared:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    began = time.process_time()
    matrix = csr_array((graph.ms.astype(float), graph.head, graph.ptr))
    return time.process_time() - began, lambda: dijkstra(matrix, indices=graph.starts)[:, graph.nodes]


def igraph(graph: Graph) -> Prepared:
    import igraph

    began = time.process_time()
    streets = igraph.Graph(
        n=len(graph.ptr) - 1, edges=np.stack([graph.tail, graph.head], axis=1), directed=True
    )
    streets.es["ms"] = graph.ms.tolist()
    starts, nodes = graph.starts.tolist(), graph.nodes.tolist()
    return time.process_time() - began, lambda: streets.distances(
        starts, nodes, weights="ms", algorithm="dijkstra"
    )


def networkit(graph: Graph) -> Prepared:
    import networkit

    networkit.setNumberOfThreads(1)
    began = time.process_time()
    streets = networkit.Graph(len(graph.ptr) - 1, weighted=True, directed=True)
    for a, b, w in zip(graph.tail.tolist(), graph.head.tolist(), graph.ms.tolist(), strict=True):
        streets.addEdge(a, b, w)
    prepared = time.process_time() - began

    def row(node: int) -> NDArray[np.float64]:
        search = networkit.distance.Dijkstra(streets, node, storePaths=False)
        search.run()
        return np.asarray(search.getDistances())[graph.nodes]

    return prepared, lambda: [row(node) for node in graph.starts.tolist()]


def pandana(graph: Graph) -> Prepared:
    import pandana
    import pandas as pd

    count, shape = len(graph.ptr) - 1, (len(graph.starts), len(graph.nodes))
    nowhere = pd.Series(np.arange(count, dtype=float))
    weights = pd.DataFrame({"ms": graph.ms})
    began = time.process_time()
    streets = pandana.Network(
        nowhere, nowhere, pd.Series(graph.tail), pd.Series(graph.head), weights, twoway=False
    )
    prepared = time.process_time() - began
    starts, ends = np.repeat(graph.starts, shape[1]), np.tile(graph.nodes, shape[0])
    return prepared, lambda: np.reshape(streets.shortest_path_lengths(starts, ends), shape)


def main(job: dict[str, Any]) -> dict[str, object]:
    data = np.load(job["file"])
    ptr = data["ptr"]
    graph = Graph(
        ptr,
        np.repeat(np.arange(len(ptr) - 1), np.diff(ptr)),
        data["head"],
        data["ms"],
        data["nodes"],
        data["nodes"][: job["rows"]],
    )
    prepared, run = globals()[job["search"]](graph)
    began, cpu = time.perf_counter(), time.process_time()
    found = np.asarray(run(), dtype=float)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    answer = data["answer"][: job["rows"]]
    same = float((np.isclose(found, answer, rtol=0, atol=1) | (found == answer)).mean())
    version = import_module(job["search"]).__version__
    return {"prepared": prepared, "wall_s": wall_s, "cpu_s": cpu_s, "same": same, "version": version}


if __name__ == "__main__":
    json.dump(main(json.loads(Path(sys.argv[1]).read_text())), sys.stdout)
