"""One client logs metrics one by one. Prints the seconds of each call as JSON."""
import json
import sys
import time

import mlflow

calls = int(sys.argv[1])
mlflow.set_experiment("bench")
with mlflow.start_run():
    for step in range(20):  # Connections and caches are warm before the first counted call.
        mlflow.log_metric("warm_up", step, step=step)
    seconds = []
    for step in range(calls):
        start = time.perf_counter()
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
        seconds.append(time.perf_counter() - start)
print(json.dumps(seconds))
