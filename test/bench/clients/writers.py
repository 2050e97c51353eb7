"""Several processes log metrics at once for some seconds. Prints calls per second, all together, as JSON."""
import json
import multiprocessing
import sys
import time

from mlflow import MlflowClient


def write(run_id, start_at, end_at, calls):
    client = MlflowClient()
    client.log_metric(run_id, "warm_up", 0.0, step=0)
    time.sleep(max(0.0, start_at - time.time()))
    count = 0
    while time.time() < end_at:
        client.log_metric(run_id, "loss", 1 / (count + 1), step=count)
        count += 1
    calls.put(count)


if __name__ == "__main__":
    writers, seconds = int(sys.argv[1]), float(sys.argv[2])
    client = MlflowClient()
    experiment = client.get_experiment_by_name("bench")
    experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
    run_ids = [client.create_run(experiment_id).info.run_id for _ in range(writers)]
    context = multiprocessing.get_context("fork")
    calls = context.Queue()
    start_at = time.time() + 1.5
    processes = [
        context.Process(target=write, args=(run_id, start_at, start_at + seconds, calls)) for run_id in run_ids
    ]
    for process in processes:
        process.start()
    total = sum(calls.get() for _ in processes)
    for process in processes:
        process.join()
    print(json.dumps([total / seconds]))
