"""What the Python programs share: the two workloads in figures, and the line of JSON each program prints.

mm1: one server, first come first served, 0.75 arrivals and 1 completion a second, 1,000,000 customers.
day: a fulfilment day of about 100,000 orders through sync, pick, (3 %: exceptions desk,) pack and ship; an order
dispatched more than four hours after it arrived sends a message to support. Runs until the last message is answered.
"""

import json
import math
import sys
import time

CUSTOMERS = 1_000_000
ARRIVAL_RATE = 0.75  # a second; the service rate is 1

SERVERS = {"sync": 8, "pick": 130, "exceptions": 10, "pack": 87, "ship": 22, "support": 20}
EXCEPTION_SHARE = 0.03
PROMISE_S = 4 * 3600.0

# Weight of each hour; hours 10 to 13 are the campaign, five times the usual.
HOUR_WEIGHTS = [0.25, 0.18, 0.14, 0.12, 0.12, 0.16, 0.30, 0.50, 0.75, 0.95, 5.25, 5.50,
                5.50, 5.25, 1.00, 1.00, 1.05, 1.15, 1.30, 1.45, 1.45, 1.25, 0.85, 0.50]
RATES = [100_000.0 * weight / sum(HOUR_WEIGHTS) / 3600.0 for weight in HOUR_WEIGHTS]  # orders a second

SYNC_SIGMA, PICK_SIGMA = 0.6, 0.5
SYNC_MU = math.log(2.0) - SYNC_SIGMA**2 / 2  # mean 2 s
PICK_MU = math.log(90.0) - PICK_SIGMA**2 / 2  # mean 90 s
PACK_SHAPE, PACK_SCALE = 2.5, 60.0 / 2.5  # mean 60 s
EXCEPTION_S, SHIP_S, SUPPORT_S = 900.0, 15.0, 300.0  # exponential


def answer_of_day(orders, exceptions, late, mean_time_s):
    """Events: each order arrives and is served four times, exceptions and messages once more."""
    return {"orders": orders, "events": 5 * orders + exceptions + late, "late": late, "mean_time_s": mean_time_s}


def answer_of_mm1(mean_time_s):
    return {"orders": CUSTOMERS, "events": 2 * CUSTOMERS, "late": 0, "mean_time_s": mean_time_s}


def main(program, version, workloads):
    """Reads `mm1|day [runs] [threads] [first seed]`, runs, and prints one line of JSON.

    `workloads` holds for each name a function of (runs, threads, first seed) that returns the answers and the seconds
    they took; `timed` makes one of a function of a seed.
    """
    words = sys.argv[1:]
    try:
        run = workloads[words[0]]
        runs, threads, seed = [int(word) for word in words[1:4]] + [1, 1, 1][len(words) - 1:]
    except (IndexError, KeyError, ValueError):
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(workloads)} [runs] [threads] [first seed]")
    answers, seconds = run(runs, threads, seed)
    orders = sum(answer["orders"] for answer in answers)
    print(json.dumps({
        "workload": words[0], "program": program, "version": version, "runs": runs, "threads": threads,
        "events": sum(answer["events"] for answer in answers), "orders": orders, "seconds": round(seconds, 6),
        "mean_time_s": round(sum(answer["mean_time_s"] for answer in answers) / runs, 4),
        "late_share": round(sum(answer["late"] for answer in answers) / orders, 6),
    }))


def timed(run):
    def measured(runs, threads, first_seed):
        if threads != 1:
            sys.exit("this program runs on one thread")
        start = time.perf_counter()
        answers = [run(first_seed + number) for number in range(runs)]
        return answers, time.perf_counter() - start

    return measured
