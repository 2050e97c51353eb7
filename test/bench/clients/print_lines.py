"""Prints lines at a steady pace, or as fast as it can; the last one says how long that took, in seconds."""

import sys
import time

count, per_second, every = (int(argument) for argument in sys.argv[1:])
started = time.perf_counter()
for i in range(count):
    if i % every == 0:
        print(f"step {i}: loss={1 / (i + 1):.6f}, accuracy={i / count:.4f}")
    else:
        print(f"worker 3 read record {i} of shard 12 in 0.5 ms")
    if i % 1000 == 999:
        behind = started + (i + 1) / per_second - time.perf_counter()
        if behind > 0:
            time.sleep(behind)
print(f"took {time.perf_counter() - started:.3f}")
