"""`writers.py WRITERS`: for each line `SECONDS` on its input that many processes, a run each, log metrics at once for
so long. Prints their calls per second, all together, as JSON."""
import json
import multiprocessing
import sys
import time

from mlflow import MlflowClient


def write(run_id, orders, ready, rates):
    """One process: waits for the seconds to write, writes, tells its calls per second."""
    client = MlflowClient()
    step = 0
    while (seconds := orders.get()) is not None:
        client.log_metric(run_id, "warm_up", 0.0, step=step)  # The connection may be gone since the last turn.
        ready.wait()
        first, start = step, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            client.log_metric(run_id, "loss", 1 / (step + 1), step=step)
            step += 1
        # The last call may end late: the rate counts with the time that was really used.
        rates.put((step - first) / elapsed)


if __name__ == "__main__":
    writers = int(sys.argv[1])
    client = MlflowClient()
    experiment = client.get_experiment_by_name("bench")
    experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
    run_ids = [client.create_run(experiment_id).info.run_id for _ in range(writers)]
    context = multiprocessing.get_context("fork")
    orders, rates = [context.Queue() for _ in run_ids], context.Queue()
    ready = context.Barrier(writers)
    processes = [
        context.Process(target=write, args=(run_id, order, ready, rates), daemon=True)
        for run_id, order in zip(run_ids, orders)
    ]
    for process in processes:
        process.start()
    print("[]", flush=True)
    for line in sys.stdin:
        seconds = float(line)
        for order in orders:
            order.put(seconds)
        print(json.dumps([sum(rates.get() for _ in processes)]), flush=True)
    for order in orders:
        order.put(None)
    for process in processes:
        process.join()
