"""Both workloads on Cimba: a process for each server, a Store before each station; an order is its time of arrival.

Models are compiled when they first run: one run that is not timed does that.
"""

import time

import cimba as cb
import numpy as np
from cimba import random as draw

import workloads as w

CUSTOMERS, MEAN_GAP_S = w.CUSTOMERS, 1 / w.ARRIVAL_RATE


class Mm1(cb.Model):
    queue: cb.Store[float] = cb.Store()
    total: float = 0.0
    mean_time_s: cb.Output[float]

    @cb.process
    def source(self):
        for _ in range(CUSTOMERS):
            cb.hold(draw.exponential(MEAN_GAP_S))
            self.queue.put(cb.now())

    @cb.process
    def server(self):
        while True:
            arrived = self.queue.get()
            cb.hold(draw.exponential(1.0))
            self.total += cb.now() - arrived

    @cb.on_end
    def end(self):
        self.mean_time_s = self.total / CUSTOMERS


SYNC_MU, SYNC_SIGMA, PICK_MU, PICK_SIGMA = w.SYNC_MU, w.SYNC_SIGMA, w.PICK_MU, w.PICK_SIGMA
PACK_SHAPE, PACK_SCALE = w.PACK_SHAPE, w.PACK_SCALE
EXCEPTION_S, SHIP_S, SUPPORT_S = w.EXCEPTION_S, w.SHIP_S, w.SUPPORT_S
EXCEPTION_SHARE, PROMISE_S = w.EXCEPTION_SHARE, w.PROMISE_S


class Day(cb.Model):
    rates: cb.Array[float] = cb.Array(w.RATES)
    for_sync: cb.Store[float] = cb.Store()
    for_pick: cb.Store[float] = cb.Store()
    for_exceptions: cb.Store[float] = cb.Store()
    for_pack: cb.Store[float] = cb.Store()
    for_ship: cb.Store[float] = cb.Store()
    for_support: cb.Store[float] = cb.Store()
    sent: int = 0
    diverted: int = 0
    out_of_time: int = 0
    total: float = 0.0
    orders: cb.Output[int]
    exceptions: cb.Output[int]
    late: cb.Output[int]
    mean_time_s: cb.Output[float]

    @cb.process
    def source(self):
        for hour in range(24):
            # The exponential forgets: each hour starts afresh at its own rate.
            at = hour * 3600.0 + draw.exponential(1.0 / self.rates[hour])
            while at < (hour + 1) * 3600.0:
                cb.hold(at - cb.now())
                self.sent += 1
                self.for_sync.put(at)
                at += draw.exponential(1.0 / self.rates[hour])

    @cb.process(copies=w.SERVERS["sync"])
    def sync(self):
        while True:
            order = self.for_sync.get()
            cb.hold(draw.lognormal(SYNC_MU, SYNC_SIGMA))
            self.for_pick.put(order)

    @cb.process(copies=w.SERVERS["pick"])
    def pick(self):
        while True:
            order = self.for_pick.get()
            cb.hold(draw.lognormal(PICK_MU, PICK_SIGMA))
            if draw.uniform() < EXCEPTION_SHARE:
                self.diverted += 1
                self.for_exceptions.put(order)
            else:
                self.for_pack.put(order)

    @cb.process(copies=w.SERVERS["exceptions"])
    def clear_exceptions(self):
        while True:
            order = self.for_exceptions.get()
            cb.hold(draw.exponential(EXCEPTION_S))
            self.for_pack.put(order)

    @cb.process(copies=w.SERVERS["pack"])
    def pack(self):
        while True:
            order = self.for_pack.get()
            cb.hold(draw.gamma(PACK_SHAPE, PACK_SCALE))
            self.for_ship.put(order)

    @cb.process(copies=w.SERVERS["ship"])
    def ship(self):
        while True:
            order = self.for_ship.get()
            cb.hold(draw.exponential(SHIP_S))
            self.total += cb.now() - order
            if cb.now() - order > PROMISE_S:
                self.out_of_time += 1
                self.for_support.put(order)

    @cb.process(copies=w.SERVERS["support"])
    def support(self):
        while True:
            self.for_support.get()
            cb.hold(draw.exponential(SUPPORT_S))

    @cb.on_end
    def end(self):
        self.orders = self.sent
        self.exceptions = self.diverted
        self.late = self.out_of_time
        self.mean_time_s = self.total / self.sent


def experiment(model, runs, threads, seed):
    """Results of `runs` replications, and the seconds they took."""
    start = time.perf_counter()
    results = cb.Experiment(model, replications=runs, window=cb.Window.until_idle(), seed=seed).run(workers=threads)
    return results[model], time.perf_counter() - start


def mm1(runs, threads, first_seed):
    experiment(Mm1(), 1, 1, first_seed)
    results, seconds = experiment(Mm1(), runs, threads, first_seed)
    return [w.answer_of_mm1(float(mean)) for mean in np.ravel(results.mean_time_s)], seconds


def day(runs, threads, first_seed):
    experiment(Day(), 1, 1, first_seed)
    results, seconds = experiment(Day(), runs, threads, first_seed)
    found = zip(*map(np.ravel, (results.orders, results.exceptions, results.late, results.mean_time_s)))
    return [w.answer_of_day(int(n), int(x), int(late), float(mean)) for n, x, late, mean in found], seconds


if __name__ == "__main__":
    w.main("cimba", cb.__version__, {"mm1": mm1, "day": day})
