"""The programs that are measured: how each is run, and what it answers."""

import csv
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCENARIOS = {"mm1": "benches/scenarios/mm1.toml", "day": "benches/scenarios/fulfilment-day.toml"}
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss
RUST = HERE / "rust/target/release"


@dataclass
class Sample:
    """One measured process."""

    version: str
    runs: int
    events: int
    whole_s: float  # from start to exit
    own_s: float | None  # by the program's own clock, around its runs alone
    mean_time_s: float
    late_share: float
    peak_bytes: int


@dataclass
class Finished:
    output: str
    seconds: float
    peak_bytes: int


def execute(command):
    """Runs a command from the project's folder to its end; its standard output, time and peak memory."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for written in (output, errors):
            written.seek(0)
        told = output.read().decode()
        # `peaksim run` exits with 1 when a promise is broken, which is an answer.
        if process.returncode not in (0, 1) or not told:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{errors.read().decode()}")
        return Finished(told, seconds, usage.ru_maxrss * MEMORY_UNIT)


def memory_text(peak_bytes):
    """A process starts as a copy of this one, whose own memory is therefore the least that can be told."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MEMORY_UNIT
    return f"{peak_bytes / 1e6:,.0f} MB" if peak_bytes > 1.1 * own else f"under {own / 1e6 + 1:.0f} MB"


@dataclass
class Program:
    """A program that reads `mm1|day runs threads seed` and prints one line of JSON."""

    name: str
    shown: str
    command: list
    install: str
    runs: dict  # of one measurement, so that it lasts long enough to be told from its start-up
    threads: bool = True
    own_clock: bool = False  # measured by its own clock: its start-up is a compiler's

    def missing(self):
        return not Path(self.command[0]).exists()

    def sample(self, workload, runs, threads, seed):
        finished = execute([*self.command, workload, runs, threads, seed])
        told = json.loads(finished.output)
        assert (told["workload"], told["runs"], told["threads"]) == (workload, runs, threads), told
        return Sample(told["version"], runs, told["events"], finished.seconds, told["seconds"],
                      told["mean_time_s"], told["late_share"], finished.peak_bytes)


class PythonProgram(Program):
    def missing(self):
        return importlib.util.find_spec(self.name) is None


class Peaksim(Program):
    def sample(self, workload, runs, threads, seed):
        return self.scenario(SCENARIOS[workload], runs, threads, seed)

    def scenario(self, file, runs, threads, seed, *more):
        finished = execute([*self.command, "run", file, "--reps", runs, "--threads", threads, "--seed", seed,
                            "--format", "json", "--progress", "none", *more])
        told = json.loads(finished.output)
        promises = told["orders"]["by_promise"]
        late_share = 1.0 - promises[0]["attained"]["value"] if promises else 0.0
        return Sample(told["peaksim_version"], runs, told["events"], finished.seconds, None,
                      told["orders"]["time_to_dispatch"]["mean"]["value"], late_share, finished.peak_bytes)


    def steps_a_turn(self, file):
        """What happens to single orders (and messages, pallets, returns) in a turn of the main loop, which may serve a whole
        cart or let a whole collection through: arrivals and ends of services; and the same with passages of gates."""
        scenario = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))
        gated = {station["name"] for station in scenario["station"] if "release" in station}
        gated |= {collection["carrier"] for collection in scenario.get("collection", [])}
        with tempfile.TemporaryDirectory() as folder:
            visits = Path(folder) / "visits.csv"
            finished = execute([*self.command, "run", file, "--reps", 1, "--format", "json", "--progress", "none",
                                "--orders", visits])
            with visits.open(encoding="utf-8", newline="") as rows:
                rows = list(csv.DictReader(rows))
        turns = json.loads(finished.output)["events"]
        ends = sum(row["outcome"] in ("served", "failed") for row in rows)
        arrivals = len({(row["order"], row["source"]) for row in rows})
        passages = sum(row["station"] in gated and row["started_seconds"] != "" for row in rows)
        return (arrivals + ends) / turns, (arrivals + ends + passages) / turns


def all_programs(peaksim):
    build = "`cargo build --release --manifest-path benches/peers/rust/Cargo.toml`"
    install = "`pip install -r benches/peers/python/requirements.txt` in the Python that runs this script"
    python = [sys.executable]
    return [
        Program("reference", "the reference (by hand, Rust)", [RUST / "reference"], build, {"mm1": 20, "day": 20}),
        Peaksim("peaksim", "**peaksim**", [peaksim], "`cargo build --release`", {"mm1": 10, "day": 20}),
        Program("simrs", "simrs, one component", [RUST / "simrs"], build, {"mm1": 5, "day": 5}),
        PythonProgram("cimba", "Cimba, Python package, a process a server", [*python, HERE / "python/cimba_day.py"],
                      install, {"mm1": 3, "day": 3}, own_clock=True),
        Program("nexosim", "NeXosim, a model a station", [RUST / "nexosim"], build, {"mm1": 2, "day": 3}),
        PythonProgram("simpy", "SimPy, a process an order", [*python, HERE / "python/simpy_day.py"],
                      install, {"mm1": 1, "day": 1}, threads=False),
    ]
