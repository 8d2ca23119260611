"""Both workloads on SimPy in its usual style: a process for each order, a Resource for each station."""

import random

import simpy

import workloads as w


def mm1(seed):
    rng = random.Random(seed)
    env = simpy.Environment()
    server = simpy.Resource(env)
    total = 0.0

    def customer():
        nonlocal total
        arrived = env.now
        with server.request() as turn:
            yield turn
            yield env.timeout(rng.expovariate(1.0))
        total += env.now - arrived

    def source():
        for _ in range(w.CUSTOMERS):
            yield env.timeout(rng.expovariate(w.ARRIVAL_RATE))
            env.process(customer())

    env.process(source())
    env.run()
    return w.answer_of_mm1(total / w.CUSTOMERS)


def day(seed):
    rng = random.Random(seed)
    env = simpy.Environment()
    stations = {name: simpy.Resource(env, servers) for name, servers in w.SERVERS.items()}
    service_time = {
        "sync": lambda: rng.lognormvariate(w.SYNC_MU, w.SYNC_SIGMA),
        "pick": lambda: rng.lognormvariate(w.PICK_MU, w.PICK_SIGMA),
        "exceptions": lambda: rng.expovariate(1 / w.EXCEPTION_S),
        "pack": lambda: rng.gammavariate(w.PACK_SHAPE, w.PACK_SCALE),
        "ship": lambda: rng.expovariate(1 / w.SHIP_S),
        "support": lambda: rng.expovariate(1 / w.SUPPORT_S),
    }
    times = []
    exceptions = late = 0

    def served_at(station):
        with stations[station].request() as turn:
            yield turn
            yield env.timeout(service_time[station]())

    def order():
        nonlocal exceptions, late
        arrived = env.now
        yield from served_at("sync")
        yield from served_at("pick")
        if rng.random() < w.EXCEPTION_SHARE:
            exceptions += 1
            yield from served_at("exceptions")
        yield from served_at("pack")
        yield from served_at("ship")
        times.append(env.now - arrived)
        if times[-1] > w.PROMISE_S:
            late += 1
            yield from served_at("support")

    def source():
        for hour, rate in enumerate(w.RATES):
            at, hour_ends = hour * 3600.0, (hour + 1) * 3600.0
            # The exponential forgets: each hour starts afresh at its own rate.
            while (at := at + rng.expovariate(rate)) < hour_ends:
                yield env.timeout(at - env.now)
                env.process(order())

    env.process(source())
    env.run()
    return w.answer_of_day(len(times), exceptions, late, sum(times) / len(times))


if __name__ == "__main__":
    w.main("simpy", simpy.__version__, {"mm1": w.timed(mm1), "day": w.timed(day)})
