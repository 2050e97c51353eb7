"""The training of train.py, told with nothing but print."""
import argparse

import numpy as np
from sklearn.metrics import accuracy_score, log_loss

from digits import augment, build, load

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--lr", type=float, default=1e-3, help="learning rate")
parser.add_argument("--hidden", type=int, default=64, help="units in the hidden layer")
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--seed", type=int, default=0)


def main(args):
    x, y = augment(*load("data/train.csv"))
    x_val, y_val = load("data/validation.csv")
    model = build(args.lr, args.hidden, args.batch_size, args.seed)
    rng = np.random.default_rng(args.seed)

    print(f"{len(x)} images to train on, {len(x_val)} to validate with")
    for epoch in range(1, args.epochs + 1):
        order = rng.permutation(len(x))
        model.partial_fit(x[order], y[order], classes=range(10))

        proba = model.predict_proba(x)
        loss, accuracy = log_loss(y, proba), accuracy_score(y, proba.argmax(1))
        proba = model.predict_proba(x_val)
        val_loss, val_accuracy = log_loss(y_val, proba), accuracy_score(y_val, proba.argmax(1))
        print(
            f"epoch {epoch}/{args.epochs} loss={loss:.4f} accuracy={accuracy:.4f} "
            f"val_loss={val_loss:.4f} val_accuracy={val_accuracy:.4f}"
        )


if __name__ == "__main__":
    main(parser.parse_args())
