"""How the time of an event grows from 100,000 to 10,000,000 orders a day with servers in proportion."""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from programs import ROOT, memory_text

ORDERS = (100_000, 1_000_000, 10_000_000)
LABELS = ("100,000", "1 million", "10 million")
RUNS = (20, 2, 1)


@dataclass
class Curve:
    name: str
    file: str
    orders: int  # a day, in the file
    colour: str
    ns: list  # time an event for each of ORDERS
    peak_bytes: list

    def times(self):
        """Time an event at the right end against the left end."""
        return self.ns[-1] / self.ns[0]


def scaled(text, factor):
    """The scenario for one day with `factor` times its arrivals and servers."""
    text = re.sub(r'rate = "([\d.]+)/h"', lambda found: f'rate = "{float(found[1]) * factor:.6f}/h"', text)
    text = re.sub(r"servers = (\d+)", lambda found: f"servers = {max(1, round(int(found[1]) * factor))}", text)
    return re.sub(r'length = "\d+h"', 'length = "24h"', text)


def measure(peaksim, rounds):
    curves = [Curve("fulfilment day, its desks overloaded", "fulfilment-day", 100_000, "#b3411b", [], []),
              Curve("a line that keeps up", "million-a-day", 1_000_000, "#1f5f8b", [], [])]
    samples = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            print(f"growth, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for curve in curves:
                text = (ROOT / f"benches/scenarios/{curve.file}.toml").read_text(encoding="utf-8")
                for orders, runs in zip(ORDERS, RUNS):
                    file = Path(folder) / f"{curve.file}-{orders}.toml"
                    file.write_text(scaled(text, orders / curve.orders), encoding="utf-8")
                    sample = peaksim.scenario(file, runs, 1, 1 + number)
                    samples.setdefault((curve.file, orders), []).append(sample)
    for curve in curves:
        for orders in ORDERS:
            there = samples[curve.file, orders]
            curve.ns.append(median(sample.whole_s * 1e9 / sample.events for sample in there))
            curve.peak_bytes.append(median(sample.peak_bytes for sample in there))
    return curves


def table(curves):
    lines = ["**Growth: more orders a day, servers in proportion, one thread**", "",
             "| orders a day | " + " | ".join(LABELS) + " | times |", "|---|---|---|---|---|"]
    for curve in curves:
        lines.append(f"| {curve.name}, time an event | " + " | ".join(f"{ns:.0f} ns" for ns in curve.ns)
                     + f" | {curve.times():.1f} |")
        lines.append(f"| {curve.name}, peak memory | " + " | ".join(map(memory_text, curve.peak_bytes))
                     + " | |")
    return [*lines, "", "![Time an event against orders a day](growth.svg)"]


WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 720, 92, 360


def step_of(highest):
    """A round step that divides the axis into four to eight parts."""
    return next(step for step in (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 10_000) if highest / step <= 8)


def chart(curves):
    """The curves as SVG: orders a day on a scale of powers of ten, time an event from zero."""
    step = step_of(max(max(curve.ns) for curve in curves))
    top = step * (int(max(max(curve.ns) for curve in curves) / step) + 1)
    across = [LEFT + 30 + place * (RIGHT - LEFT - 60) / (len(ORDERS) - 1) for place in range(len(ORDERS))]

    def height(ns):
        return BOTTOM - ns / top * (BOTTOM - TOP)

    def text(x, y, words, size=13, anchor="middle", colour="#333", weight="normal"):
        return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
                f'font-weight="{weight}">{words}</text>')

    title = f"A hundred times the orders cost {curves[0].times():.1f} times the time an event"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" role="img">',
             f"<title>{title}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             text(20, 32, title, 19, "start", "#111", "bold"),
             text(20, 54, f"and {curves[1].times():.1f} times on a line that keeps up. "
                          "Servers grow in proportion; one thread, whole process.", 13, "start"),
             text(20, 80, "nanoseconds an event", 12, "start", "#555")]
    for ns in range(0, top + 1, step):
        parts.append(f'<line x1="{LEFT}" x2="{RIGHT}" y1="{height(ns):.1f}" y2="{height(ns):.1f}" '
                     f'stroke="{"#333" if ns == 0 else "#ddd"}"/>')
        parts.append(text(LEFT - 10, height(ns) + 4, ns, 12, "end", "#555"))
    for x, label in zip(across, LABELS):
        parts.append(text(x, BOTTOM + 22, label))
    parts.append(text((LEFT + RIGHT) / 2, BOTTOM + 46, "orders a day (powers of ten)", 12, colour="#555"))
    for curve in curves:
        # The upper curve is labelled above its points, the lower one below.
        below = curve.ns[-1] == min(other.ns[-1] for other in curves)
        points = [(x, height(ns)) for x, ns in zip(across, curve.ns)]
        parts.append(f'<polyline fill="none" stroke="{curve.colour}" stroke-width="2.5" '
                     f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        for (x, y), ns in zip(points, curve.ns):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{curve.colour}"/>')
            parts.append(text(x, y + (20 if below else -11), f"{ns:.0f}", 13, colour=curve.colour, weight="bold"))
        # Beside the middle of the last stretch, on the side that a rising line leaves free.
        x, y = (points[-2][0] + points[-1][0]) / 2, (points[-2][1] + points[-1][1]) / 2
        place = (x + 12, y + 18, curve.name, 13, "start") if below else (x - 12, y - 10, curve.name, 13, "end")
        parts.append(text(*place, colour=curve.colour))
    return "\n".join([*parts, "</svg>"]) + "\n"
