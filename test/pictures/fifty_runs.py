"""Trains fifty small networks on scikit-learn's digits, and logs the same points wherever it is told to.

usage: fifty_runs.py TENSORBOARD_FOLDER, with the tracking servers in TRACKING_URIS as a JSON list of
{"uri": …, "token": … or null}. Each run is trained once; its points carry the time at which they were made.
"""
import json
import os
import sys
import time
from itertools import product

import mlflow
from mlflow.entities import Metric, Param
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from tensorboardX import SummaryWriter

HIDDEN = [8, 16, 32, 64, 128]
RATES = [0.0003, 0.001, 0.003, 0.01, 0.03]
SEEDS = [0, 1]
EPOCHS = 20


def train(hidden, lr, seed):
    """The points of one run: name, value, step, epoch milliseconds."""
    x, y = load_digits(return_X_y=True)
    x, x_val, y, y_val = train_test_split(x / 16, y, test_size=0.3, random_state=0, stratify=y)
    model = MLPClassifier([hidden], learning_rate_init=lr, batch_size=32, random_state=seed)
    points = []
    for epoch in range(1, EPOCHS + 1):
        model.partial_fit(x, y, classes=range(10))
        now = int(time.time() * 1000)
        for name, features, labels in [("", x, y), ("val_", x_val, y_val)]:
            points.append((f"{name}loss", log_loss(labels, model.predict_proba(features)), epoch, now))
            points.append((f"{name}accuracy", model.score(features, labels), epoch, now))
    return points


def to_server(server, name, params, points):
    os.environ["MLFLOW_TRACKING_TOKEN"] = server["token"] or ""
    client = mlflow.MlflowClient(server["uri"])
    experiment = client.get_experiment_by_name("digits")
    experiment_id = experiment.experiment_id if experiment else client.create_experiment("digits")
    run = client.create_run(experiment_id, start_time=points[0][3], run_name=name)
    client.log_batch(
        run.info.run_id,
        metrics=[Metric(key, value, at, step) for key, value, step, at in points],
        params=[Param(key, str(value)) for key, value in params.items()],
    )
    client.set_terminated(run.info.run_id, end_time=points[-1][3])


def to_tensorboard(folder, name, params, points):
    writer = SummaryWriter(os.path.join(folder, name))
    for key, value, step, at in points:
        writer.add_scalar(key, value, step, walltime=at / 1000)
    last = {key: value for key, value, _, _ in points}
    writer.add_hparams(params, {"val_accuracy": last["val_accuracy"]}, name=".")
    writer.close()


servers = json.loads(os.environ["TRACKING_URIS"])
for number, (hidden, lr, seed) in enumerate(product(HIDDEN, RATES, SEEDS), 1):
    params = {"hidden": hidden, "lr": lr, "seed": seed, "epochs": EPOCHS, "batch_size": 32}
    points = train(hidden, lr, seed)
    name = f"run-{number:02}"
    for server in servers:
        to_server(server, name, params, points)
    to_tensorboard(sys.argv[1], name, params, points)
    print(f"{number}/50", flush=True)
