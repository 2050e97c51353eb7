"""One client logs batches of 1,000 metrics. Prints the seconds of each call as JSON."""
import json
import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

calls = int(sys.argv[1])
client = MlflowClient()
experiment = client.get_experiment_by_name("bench")
experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
run_id = client.create_run(experiment_id).info.run_id
seconds = []
for call in range(calls + 2):
    now = int(time.time() * 1000)
    metrics = [Metric(f"m{i % 10}", i / 7, now, call * 100 + i // 10) for i in range(1000)]
    start = time.perf_counter()
    client.log_batch(run_id, metrics=metrics)
    seconds.append(time.perf_counter() - start)
client.set_terminated(run_id)
print(json.dumps(seconds[2:]))
