"""Say how good a trained model is on images it has never seen."""
import argparse

import joblib
from sklearn.metrics import accuracy_score

from digits import load

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", required=True, help="a model.joblib that train.py has saved")
parser.add_argument("--data", default="data/holdout.csv", help="the file to evaluate on")


def main(args):
    x, y = load(args.data)
    model = joblib.load(args.model)
    print(f"accuracy={accuracy_score(y, model.predict(x)):.4f}")


if __name__ == "__main__":
    main(parser.parse_args())
