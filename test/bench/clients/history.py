"""`history.py RUN POINTS`: one client reads all points of the metric "loss": for each line `CALLS` on its input it prints
the seconds of each call as JSON."""
import json
import sys
import time

from mlflow import MlflowClient

run_id, points = sys.argv[1], int(sys.argv[2])
client = MlflowClient()


def read():
    start = time.perf_counter()
    history = client.get_metric_history(run_id, "loss")
    seconds = time.perf_counter() - start
    assert len(history) == points, f"{len(history)} points came."
    return seconds


client.get_run(run_id)  # Connected, and warm without the time that all points take.
print("[]", flush=True)
for line in sys.stdin:
    print(json.dumps([read() for _ in range(int(line))]), flush=True)
