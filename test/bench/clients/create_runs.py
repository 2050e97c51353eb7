"""One client makes whole runs: for each line `RUNS` on its input it prints the seconds of each as JSON, from create_run
to the end of the log_batch with its 10 metrics, 10 params and a tag."""
import json
import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

client = MlflowClient()
experiment = client.get_experiment_by_name("bench")
experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
count = 0


def make_run():
    global count
    count += 1
    now = int(time.time() * 1000)
    metrics = [Metric(f"m{i}", count / (i + 1), now, 0) for i in range(10)]
    params = [Param(f"p{i}", str(count * i)) for i in range(10)]
    start = time.perf_counter()
    run = client.create_run(experiment_id, run_name=f"run {count}")
    client.log_batch(run.info.run_id, metrics=metrics, params=params, tags=[RunTag("kind", "bench")])
    return time.perf_counter() - start


for _ in range(3):  # Connections and caches are warm before the first counted run.
    make_run()
print("[]", flush=True)
for line in sys.stdin:
    make_run()  # The connection may be gone since the last turn.
    print(json.dumps([make_run() for _ in range(int(line))]), flush=True)
