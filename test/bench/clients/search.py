"""`search.py EXPERIMENT filter|order`: one client searches for the best 100 runs, with a filter or by an order alone:
for each line `CALLS` on its input it prints the seconds of each call as JSON."""
import json
import sys
import time

from mlflow import MlflowClient

experiment_id, way = sys.argv[1:]
filter_string = "metrics.accuracy > 0.5 and params.opt = 'adam'" if way == "filter" else ""
client = MlflowClient()


def search():
    start = time.perf_counter()
    runs = client.search_runs([experiment_id], filter_string, order_by=["metrics.loss ASC"], max_results=100)
    seconds = time.perf_counter() - start
    assert len(runs) == 100 and len(runs[0].data.params) == 10, f"{len(runs)} runs were found."
    return seconds


for _ in range(3):  # Connections and caches are warm before the first counted call.
    search()
print("[]", flush=True)
for line in sys.stdin:
    search()  # The connection may be gone since the last turn.
    print(json.dumps([search() for _ in range(int(line))]), flush=True)
