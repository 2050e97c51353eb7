"""One client logs batches of 1,000 metrics: for each line `CALLS` on its input it prints the seconds of each as JSON."""
import json
import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

client = MlflowClient()
experiment = client.get_experiment_by_name("bench")
experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
run_id = client.create_run(experiment_id).info.run_id
step = 0


def log_batch():
    """Ten metrics of 100 new steps each."""
    global step
    now = int(time.time() * 1000)
    metrics = [Metric(f"m{i % 10}", i / 7, now, step + i // 10) for i in range(1000)]
    step += 100
    start = time.perf_counter()
    client.log_batch(run_id, metrics=metrics)
    return time.perf_counter() - start


for _ in range(2):  # Connections and caches are warm before the first counted call.
    log_batch()
print("[]", flush=True)
for line in sys.stdin:
    log_batch()  # The connection may be gone since the last turn.
    print(json.dumps([log_batch() for _ in range(int(line))]), flush=True)
client.set_terminated(run_id)
