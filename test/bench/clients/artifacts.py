"""One client logs a folder of files and fetches it back: for each line on its input it prints the seconds of both.

Arguments: how many files, and how many bytes each has. A turn leaves nothing behind, neither here nor at the server.
"""

import json
import shutil
import sys
import time
from pathlib import Path

from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

count, size = int(sys.argv[1]), int(sys.argv[2])
source = Path("source").absolute()
for i in range(count):
    file = source / f"part{i // 100}" / f"file{i}.bin"
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "wb") as out:
        out.truncate(size)  # Zeros, which cost no disk: what is measured is the way they go.

client = MlflowClient()
experiment = client.get_experiment_by_name("bench")
experiment_id = experiment.experiment_id if experiment else client.create_experiment("bench")
run = client.create_run(experiment_id)
run_id = run.info.run_id
repository = get_artifact_repository(run.info.artifact_uri)


def put_and_get():
    start = time.perf_counter()
    client.log_artifacts(run_id, str(source), "all")
    put = time.perf_counter() - start
    target = Path("target").absolute()
    target.mkdir()
    start = time.perf_counter()
    client.download_artifacts(run_id, "all", str(target))
    got = time.perf_counter() - start
    found = [file.stat().st_size for file in (target / "all").rglob("*.bin")]
    if found != [size] * count:
        sys.exit(f"{count} files of {size} bytes were logged, and {len(found)} came back.")
    shutil.rmtree(target)
    repository.delete_artifacts("all")
    return put, got


client.log_text(run_id, "warm", "warm.txt")  # Connections and caches are warm before the first counted call.
client.download_artifacts(run_id, "warm.txt", ".")
print("[]", flush=True)
for line in sys.stdin:
    print(json.dumps([seconds for _ in range(int(line)) for seconds in put_and_get()]), flush=True)
client.set_terminated(run_id)
