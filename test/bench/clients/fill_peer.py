"""`fill_peer.py DATABASE EXPERIMENT` writes runs, one a line of JSON on its input, into the SQLite file of an MLflow
server, as its store would have them. Prints the experiment's id."""
import json
import sqlite3
import sys

database, experiment = sys.argv[1:]
connection = sqlite3.connect(database, timeout=60)
now = 1_700_000_000_000
experiment_id = connection.execute(
    "INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)"
    " VALUES (?, 'mlflow-artifacts:/bench', 'active', ?, ?)",
    (experiment, now, now),
).lastrowid
for line in sys.stdin:
    run = json.loads(line)
    run_id, start = run["runId"], run["startedAt"]
    connection.execute(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
        " end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'UNKNOWN', '', '', 'bench', 'FINISHED', ?, ?, '', 'active', ?, ?)",
        (run_id, run["name"], start, run["endedAt"], f"mlflow-artifacts:/bench/{run_id}/artifacts", experiment_id),
    )
    points = [(key, value, start, 1) for key, value in run["metrics"]]
    # The points of a long training, as lib/sample.mjs has them.
    points += [("loss", 1 / (i + 1), start + i * 10, i) for i in range(run.get("pointsOfLoss", 0))]
    latest = {key: (key, value, timestamp, step) for key, value, timestamp, step in points}
    connection.executemany(
        "INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)",
        [(*point, run_id) for point in points],
    )
    connection.executemany(
        "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)",
        [(*point, run_id) for point in latest.values()],
    )
    connection.executemany(
        "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
        [(key, value, run_id) for key, value in run["params"]],
    )
    connection.executemany(
        "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)",
        [(key, value, run_id) for key, value in run["tags"].items()],
    )
connection.commit()
print(experiment_id)
