"""Runs in the side environment that holds OSRM: reads a job (JSON) from the file named, writes the answer
(JSON) to standard output.

Prepare: {"do": "prepare", "extract", "profile", "folder"}. Table: {"do": "table", "base", "coordinates"}.
Routes: {"do": "routes", "base", "pairs": [[lon, lat, lon, lat], ...]}. Segments: {"do": "segments", "base",
"points", "count"}.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import osrm

HERE = Path(osrm.__file__).parent


def prepare(job: dict[str, Any]) -> dict[str, float]:
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(job["extract"], folder / "x.osm.pbf")
    lua = HERE / "share" / "profiles" / f"{job['profile']}.lua"
    began = time.perf_counter()
    for command in (["osrm-extract", "-p", str(lua), "x.osm.pbf"], ["osrm-contract", "x.osrm"]):
        subprocess.run(
            [str(HERE / "bin" / command[0]), *command[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall_s": time.perf_counter() - began, "cpu_s": used.ru_utime + used.ru_stime}


def engine(job: dict[str, Any]) -> osrm.OSRM:
    return osrm.OSRM(
        osrm.EngineConfig(
            storage_config=job["base"],
            algorithm="CH",
            use_shared_memory=False,
            max_locations_distance_table=10**6,
        )
    )


def table(job: dict[str, Any]) -> dict[str, float]:
    began = time.perf_counter()
    router = engine(job)
    load_s = time.perf_counter() - began
    parameters = osrm.TableParameters(
        coordinates=[tuple(point) for point in job["coordinates"]],
        annotations=["duration", "distance"] if job.get("metres", True) else ["duration"],
        generate_hints=False,
    )
    times = []
    for _ in range(job.get("times", 3)):
        began, cpu = time.perf_counter(), time.process_time()
        router.Table(parameters)
        times.append((time.perf_counter() - began, time.process_time() - cpu))
    return {
        "load_s": load_s,
        "first_s": times[0][0],
        "first_cpu_s": times[0][1],
        "table_s": min(wall for wall, _ in times),
        "cpu_s": min(cpu for _, cpu in times),
    }


def routes(job: dict[str, Any]) -> list[dict[str, Any] | None]:
    """Give for each pair the metres, the seconds, how far OSRM's street is from both points, and the nodes
    passed.
    """
    router = engine(job)
    found: list[dict[str, Any] | None] = []
    for lon, lat, lon2, lat2 in job["pairs"]:
        try:
            answer = router.Route(
                osrm.RouteParameters(
                    coordinates=[(lon, lat), (lon2, lat2)],
                    annotations=["nodes"],
                    overview="false",
                    generate_hints=False,
                )
            )
        except RuntimeError:  # NoRoute, NoSegment
            found.append(None)
            continue
        route = answer["routes"][0]
        found.append(
            {
                "m": float(route["distance"]),
                "s": float(route["duration"]),
                "off_m": [float(point["distance"]) for point in answer["waypoints"]],
                "nodes": [int(node) for node in route["legs"][0]["annotation"]["nodes"]],
            }
        )
    return found


def segments(job: dict[str, Any]) -> list[list[list[int]]]:
    """Give for each point the ends of the street segments nearest to it."""
    router = engine(job)
    found = []
    for point in job["points"]:
        parameters = osrm.NearestParameters(coordinates=[tuple(point)], generate_hints=False)
        parameters.number_of_results = job["count"]
        answer = router.Nearest(parameters)
        found.append(
            [[int(node) for node in each["nodes"]] for each in answer["waypoints"] if each["distance"] < 2]
        )
    return found


if __name__ == "__main__":
    job = json.loads(Path(sys.argv[1]).read_text())
    json.dump(globals()[job["do"]](job), sys.stdout)
