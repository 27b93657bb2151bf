"""A process that has Keras and nothing of this package: what a person has who was given a saved model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROGRAM = """
import json, pathlib, runpy, sys
import keras, numpy
for line in sys.stdin:
    saved, images, outputs = json.loads(line)
    try:
        for layers in pathlib.Path(saved).parent.glob("custom_layers.py"):
            runpy.run_path(str(layers))
        numpy.save(outputs, keras.models.load_model(saved).predict(numpy.load(images), verbose=0))
        answer = "it has tlcore" if "tlcore" in sys.modules else "done"
    except Exception as error:
        answer = repr(error)
    print("answer:", json.dumps(answer), flush=True)
"""


class PlainKeras:
    """Opens saved models one after the other; started once, since importing Keras takes longer than opening."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, text=True
        )

    def predict(self, saved: Path, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the model of a `.keras` file says of the images; `custom_layers.py` beside it is run before."""
        assert self._process.stdin
        assert self._process.stdout
        np.save(self._folder / "images.npy", images)
        request = [str(saved), str(self._folder / "images.npy"), str(self._folder / "outputs.npy")]
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answers = (line.removeprefix("answer: ") for line in self._process.stdout if line.startswith("answer: "))
        assert json.loads(next(answers)) == "done"
        outputs: NDArray[np.float32] = np.load(self._folder / "outputs.npy")
        return outputs

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=60)
