"""Train a small network on scikit-learn's handwritten digits."""
import argparse
import tempfile
from pathlib import Path

import joblib
import mlflow
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

from digits import augment, build, load

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--lr", type=float, default=1e-3, help="learning rate")
parser.add_argument("--hidden", type=int, default=64, help="units in the hidden layer")
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--seed", type=int, default=0)


def save(model):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.joblib"
        joblib.dump(model, path)
        mlflow.log_artifact(path)


def main(args):
    x, y = augment(*load("data/train.csv"))
    x_val, y_val = load("data/validation.csv")
    model = build(args.lr, args.hidden, args.batch_size, args.seed)
    rng = np.random.default_rng(args.seed)

    mlflow.set_experiment("digits")
    with mlflow.start_run():
        mlflow.log_params(vars(args))
        for epoch in range(1, args.epochs + 1):
            order = rng.permutation(len(x))
            model.partial_fit(x[order], y[order], classes=range(10))

            proba = model.predict_proba(x)
            mlflow.log_metric("loss", log_loss(y, proba), step=epoch)
            mlflow.log_metric("accuracy", accuracy_score(y, proba.argmax(1)), step=epoch)

            proba = model.predict_proba(x_val)
            val_loss = log_loss(y_val, proba)
            val_accuracy = accuracy_score(y_val, proba.argmax(1))
            mlflow.log_metric("val_loss", val_loss, step=epoch)
            mlflow.log_metric("val_accuracy", val_accuracy, step=epoch)
            print(f"epoch {epoch}/{args.epochs} val_loss={val_loss:.4f} val_accuracy={val_accuracy:.4f}")
        save(model)


if __name__ == "__main__":
    main(parser.parse_args())
