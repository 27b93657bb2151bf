"""What every worker has in common, imported once: on Linux workers are forked from a process that has done this.

So the two workers share the memory of the imports, and a worker that was stopped is back in a second instead of eight.
Only imports here: tensorflow may not compute anything before the fork, since its threads would not come along.
"""

import gc
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# OpenMP's threads spin while they wait for each other; beside other work each wait then lasts a whole time slice of the
# system: t-SNE of 60 images took 57 s instead of 0.4 on two busy cores. Read when scikit-learn's library is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import keras  # noqa: F401
import PIL.Image  # noqa: F401
import sklearn.metrics  # noqa: F401
import tensorflow  # noqa: F401

from .. import datasets, explanation, export, features, inference, models, training  # noqa: F401
from . import registry  # noqa: F401

gc.collect()
gc.freeze()  # what is here stays; looking through it again would only copy its memory into every worker
gc.collect()  # of nothing: else Python would wait for a quarter as many new objects as there were until it looks again
