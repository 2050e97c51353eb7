"""One client logs metrics one by one: for each line `CALLS` on its input it prints the seconds of each call as JSON."""
import json
import sys
import time

import mlflow

mlflow.set_experiment("bench")
with mlflow.start_run():
    step = 0
    for _ in range(20):  # Connections and caches are warm before the first counted call.
        mlflow.log_metric("warm_up", 0, step=step)
    print("[]", flush=True)
    for line in sys.stdin:
        mlflow.log_metric("warm_up", step, step=step)  # The connection may be gone since the last turn.
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
            seconds.append(time.perf_counter() - start)
            step += 1
        print(json.dumps(seconds), flush=True)
