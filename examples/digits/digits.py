"""Handwritten digits: 8 x 8 pixels, 0 to 16, one row of a CSV file each."""
import numpy as np
from scipy.ndimage import rotate
from sklearn.neural_network import MLPClassifier


def load(path):
    """Pixels between 0 and 1, and the digit that each row shows."""
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return rows[:, :-1] / 16, rows[:, -1].astype(int)


def build(lr, hidden, batch_size, seed):
    return MLPClassifier(
        (hidden,), learning_rate_init=lr, batch_size=batch_size, shuffle=False, random_state=seed
    )


def augment(x, y):
    """Every image 27 times: turned a little either way, and moved by one pixel in each direction."""
    images = x.reshape(-1, 8, 8)
    turned = [rotate(images, angle, axes=(1, 2), reshape=False, order=1) for angle in (-10, 0, 10)]
    padded = np.pad(np.concatenate(turned), ((0, 0), (1, 1), (1, 1)))
    moved = [padded[:, row : row + 8, column : column + 8] for row in range(3) for column in range(3)]
    return np.concatenate(moved).reshape(-1, 64), np.tile(y, 27)
