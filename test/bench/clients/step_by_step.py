"""A training that takes its time: for each line `STEPS` on its input it logs so many steps with pauses between them.
Says its run first; then prints for each step when it was about to be logged, in ms since the epoch, as JSON."""
import json
import random
import sys
import time

import mlflow

pauses = random.Random(1)
mlflow.set_experiment("bench")
with mlflow.start_run() as run:
    step = 0
    mlflow.log_metric("loss", 1.0, step=step)
    print(json.dumps([run.info.run_id]), flush=True)
    for line in sys.stdin:
        logged_at = []
        for _ in range(int(line)):
            # Uneven, so that it falls in step with no timer of the window.
            time.sleep(pauses.uniform(0.1, 0.3))
            step += 1
            logged_at.append(time.time() * 1000)
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        print(json.dumps(logged_at), flush=True)
