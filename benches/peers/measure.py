"""Measures peaksim beside its peers, all in turn in one sitting, and writes the figures as Markdown.

Machines drift, so every round runs every program once and ratios are taken within a round; the tables show medians over the
rounds. Answers are compared as well: a program that simulates something else has no place in the tables.

    python benches/peers/measure.py             print the tables
    python benches/peers/measure.py --write     write them into benches/README.md, and benches/growth.svg
"""

import argparse
import math
import re
import sys
from pathlib import Path
from statistics import mean, median

import growth
import programs
from programs import ROOT

README = ROOT / "benches/README.md"
BEGIN, END = "<!-- figures of peers/measure.py: begin -->", "<!-- figures of peers/measure.py: end -->"

REPLICATIONS = 100  # of the day, on two threads
BUSY_SCENARIO, BUSY_RUNS = "scenarios/black-friday.toml", 20

# Standard deviations of one run: mean time in mm1 (Whitt 1989: rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4 / n,
# square root), mean time and late share of a day (60 runs of the reference).
MM1_MEAN_S, MM1_SD_S = 4.0, 0.0275
DAY_SD_S, DAY_SD_LATE = 180.0, 0.003
TOLERATED = 4.0  # standard errors


def per_event(program, sample):
    seconds = sample.own_s if program.own_clock else sample.whole_s
    return seconds * 1e9 / sample.events


class Sitting:
    """All samples of all rounds: by what was measured, then by program."""

    def __init__(self, found):
        self.found = {program.name: program for program in found}
        self.samples = {}

    def take(self, what, name, workload, runs, threads, round_number):
        sample = self.found[name].sample(workload, runs, threads, seed=1 + round_number * runs)
        self.samples.setdefault((what, name), []).append(sample)

    def of(self, what, name):
        return self.samples.get((what, name), [])

    def ratios(self, what, name, to):
        """Time an event against `to`, round by round."""
        above, below = self.found[name], self.found[to]
        pairs = zip(self.of(what, name), self.of(what, to))
        return [per_event(above, a) / per_event(below, b) for a, b in pairs]


def measure(sitting, rounds):
    names = list(sitting.found)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for workload in programs.SCENARIOS:
            for name in names:
                sitting.take(workload, name, workload, sitting.found[name].runs[workload], 1, number)
        for name in names:
            if sitting.found[name].threads:
                sitting.take("two threads", name, "day", REPLICATIONS, 2, number)
        for name in ("reference", "peaksim"):
            sitting.take("one thread", name, "day", REPLICATIONS, 1, number)
        peaksim = sitting.found["peaksim"]
        busy = peaksim.scenario(BUSY_SCENARIO, BUSY_RUNS, 1, 1 + number)
        sitting.samples.setdefault(("busy", "peaksim"), []).append(busy)
        tiny = peaksim.scenario(programs.SCENARIOS["mm1"], 1, 1, 1, "--set", 'horizon.length="60s"')
        sitting.samples.setdefault(("tiny", "peaksim"), []).append(tiny)


def disagreements(sitting):
    """Programs whose answers differ from theory (mm1) or from peaksim's (day) by more than chance allows."""

    def answer(workload, name, figure):
        samples = sitting.of(workload, name)
        return mean(getattr(sample, figure) for sample in samples), sum(sample.runs for sample in samples)

    found = []
    for name in sitting.found:
        value, runs = answer("mm1", name, "mean_time_s")
        if abs(value - MM1_MEAN_S) > TOLERATED * MM1_SD_S / math.sqrt(runs):
            found.append(f"mm1: {name} has a mean time of {value:.4f} s over {runs} runs; theory says {MM1_MEAN_S} s")
        for figure, deviation in (("mean_time_s", DAY_SD_S), ("late_share", DAY_SD_LATE)):
            value, runs = answer("day", name, figure)
            ours, our_runs = answer("day", "peaksim", figure)
            if abs(value - ours) > TOLERATED * deviation * math.sqrt(1 / runs + 1 / our_runs):
                found.append(f"day: {name} has a {figure} of {value:.4f} over {runs} runs; peaksim has {ours:.4f}")
    return found


def ratio_text(ratios):
    digits = 2 if median(ratios) < 10 else 1 if median(ratios) < 100 else 0
    return f"{median(ratios):.{digits}f} ({min(ratios):.{digits}f} to {max(ratios):.{digits}f})"


def by_time(sitting, what):
    """Programs with samples of `what`, quickest first."""
    there = [program for program in sitting.found.values() if sitting.of(what, program.name)]
    return sorted(there, key=lambda program: median(sitting.ratios(what, program.name, "reference")))


def workload_table(sitting, what, title):
    lines = [f"**{title}**", "", "| program | version | events a second | time an event | ÷ reference | mean time |",
             "|---|---|---|---|---|---|"]
    for program in by_time(sitting, what):
        samples = sitting.of(what, program.name)
        ns = median(per_event(program, sample) for sample in samples)
        lines.append(
            f"| {program.shown} | {samples[0].version} | {millions(ns)} | {time_text(ns)} "
            f"| {ratio_text(sitting.ratios(what, program.name, 'reference'))} "
            f"| {mean(sample.mean_time_s for sample in samples):,.{2 if what == 'mm1' else 0}f} s |")
    return lines


def millions(ns):
    """Events a second of `ns` an event."""
    return f"{1e3 / ns:.{1 if ns < 1e3 else 3}f} M"


def time_text(ns):
    return f"{ns:.1f} ns" if ns < 100 else f"{ns:,.0f} ns"


def threads_table(sitting):
    lines = [f"**{REPLICATIONS} replications of the fulfilment day, two threads**", "",
             "| program | seconds | events a second | ÷ reference | second thread | peak memory |", "|---|---|---|---|---|---|"]
    for program in by_time(sitting, "two threads"):
        samples = sitting.of("two threads", program.name)
        ns = median(per_event(program, sample) for sample in samples)
        alone = sitting.of("one thread", program.name)
        gained = [a.whole_s / b.whole_s for a, b in zip(alone, samples)]
        lines.append(
            f"| {program.shown} | {median(sample.own_s if program.own_clock else sample.whole_s for sample in samples):.2f} "
            f"| {millions(ns)} | {ratio_text(sitting.ratios('two threads', program.name, 'reference'))} "
            f"| {f'{median(gained):.2f} times one' if gained else '–'} "
            f"| {programs.memory_text(median(sample.peak_bytes for sample in samples))} |")
    return lines


def more_table(sitting):
    peaksim = sitting.found["peaksim"]
    busy, day, tiny = (sitting.of(what, "peaksim") for what in ("busy", "day", "tiny"))
    busy_ns = median(per_event(peaksim, sample) for sample in busy)
    dearer = [per_event(peaksim, a) / per_event(peaksim, b) for a, b in zip(busy, day)]
    steps, with_gates = peaksim.steps_a_turn(BUSY_SCENARIO)
    by = [f"{busy_ns / each:,.0f} ns, {ratio_text([ratio / each for ratio in dearer])}" for each in (1, steps, with_gates)]
    alone = ratio_text(sitting.ratios("one thread", "peaksim", "reference"))
    return ["**More of peaksim, whole processes**", "", "| what | figure |", "|---|---|",
            f"| {REPLICATIONS} replications of the fulfilment day, one thread, ÷ reference | {alone} |",
            f"| `{BUSY_SCENARIO}`, every feature in use, one thread: an arrival or end of a service, ÷ one of the fulfilment day "
            f"| {by[1]} |",
            f"| the same, where an order that a poll, a wave or a collection lets through counts too | {by[2]} |",
            f"| the same by turns of the main loop, of which one may serve a whole cart or open a gate to hundreds | {by[0]} |",
            f"| start of `run` on a scenario of one station and a minute, to exit "
            f"| {median(sample.whole_s for sample in tiny) * 1e3:.1f} ms |"]


def notes(sitting, rounds, skipped):
    own = [program.shown.split(",")[0] for program in sitting.found.values() if program.own_clock]
    within = f"within {TOLERATED:.0f} standard errors"
    lines = [f"Medians of {rounds} rounds, every program in turn in each; ratios within a round (lowest to highest). "
             "Whole processes from start to exit, one thread unless it says two"
             + (f"; {', '.join(own)} by its own clock, without the seconds it takes to compile a model." if own else "."),
             "All answers agree: the mean time in system of M/M/1 with theory, mean time to dispatch and share of late "
             f"orders of the day with peaksim's, {within}."]
    lines += [f"Left out: {program.shown}, which was not installed." for program in skipped]
    return lines


def write(text):
    page = README.read_text(encoding="utf-8")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not between.search(page):
        sys.exit(f"{README.name} lacks the lines {BEGIN} and {END}")
    README.write_text(between.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page), encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--growth-rounds", type=int, default=3, help="rounds of the growth curve; 0 leaves it out")
    options.add_argument("--without", nargs="*", default=[], metavar="PEER", help="peers to leave out")
    options.add_argument("--peaksim", default=ROOT / "target/release/peaksim", help="the binary to measure")
    options.add_argument("--write", action="store_true", help="into benches/README.md and benches/growth.svg")
    wanted = options.parse_args()

    peaksim = Path(wanted.peaksim).resolve()
    all_programs = [p for p in programs.all_programs(peaksim) if p.name not in wanted.without]
    skipped = [program for program in all_programs if program.missing()]
    for program in skipped:
        print(f"{program.name} is skipped, it is not there: {program.install}", file=sys.stderr)
    if {"reference", "peaksim"} & {program.name for program in skipped} or wanted.rounds < 1:
        sys.exit("the reference, peaksim and at least one round are needed")

    sitting = Sitting([program for program in all_programs if program not in skipped])
    measure(sitting, wanted.rounds)
    if found := disagreements(sitting):
        sys.exit("Not measured the same thing:\n" + "\n".join(found))
    parts = [notes(sitting, wanted.rounds, skipped),
             workload_table(sitting, "mm1", "M/M/1 at 75 % load, 1,000,000 customers"),
             workload_table(sitting, "day", "A fulfilment day of 100,000 orders"),
             threads_table(sitting), more_table(sitting)]
    if wanted.growth_rounds:
        curves = growth.measure(sitting.found["peaksim"], wanted.growth_rounds)
        parts.append(growth.table(curves))
        if wanted.write:
            (ROOT / "benches/growth.svg").write_text(growth.chart(curves), encoding="utf-8")
    text = "\n\n".join("\n".join(part) for part in parts)
    print(text)
    if wanted.write:
        write(text)


if __name__ == "__main__":
    main()
