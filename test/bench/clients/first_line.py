"""Prints the moment of its first line, in nanoseconds since the epoch."""
import time

print(time.time_ns())
