"""Split scikit-learn's handwritten digits into train, validation and holdout files."""
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 7
COLUMNS = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)] + ["digit"]


def split(rows):
    """60, 20 and 20 percent, with every digit as frequent in each part as in the whole."""
    train, rest = train_test_split(rows, test_size=0.4, stratify=rows[:, -1], random_state=SEED)
    validation, holdout = train_test_split(rest, test_size=0.5, stratify=rest[:, -1], random_state=SEED)
    return {"train": train, "validation": validation, "holdout": holdout}


def main():
    pixels, digits = load_digits(return_X_y=True)
    folder = Path("data")
    folder.mkdir(exist_ok=True)
    for name, rows in split(np.column_stack([pixels, digits])).items():
        path = folder / f"{name}.csv"
        np.savetxt(path, rows, fmt="%d", delimiter=",", header=",".join(COLUMNS), comments="")
        print(f"{path}: {len(rows)} images")


if __name__ == "__main__":
    main()
