"""Second stage: the teacher looks at every training photograph once.

The teacher is MobileNetV2 with its ImageNet weights (a folder as `TLCORE_WEIGHTS_DIR` has it). What is kept is its
pooled last feature map, of which its 1,000 class scores are a linear function.
Source of the method: Hinton, Vinyals & Dean, Distilling the knowledge in a neural network, 2015.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

TEACHER_SIZE = 128
WEIGHTS = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5"
BATCH_SIZE = 200


def run_teacher(weights_dir: Path, work: Path) -> None:
    """Writes `teacher_features.npy` (`float16`, `(N, 1280)`) and `teacher_classifier.npz`."""
    target = work / "teacher_features.npy"
    if target.exists():
        return
    import keras
    import tensorflow as tf

    classifier = keras.applications.MobileNetV2(weights=str(weights_dir / WEIGHTS))
    kernel, bias = classifier.get_layer("predictions").get_weights()
    np.savez(work / "teacher_classifier.npz", kernel=kernel, bias=bias)

    base = keras.applications.MobileNetV2(
        input_shape=(TEACHER_SIZE, TEACHER_SIZE, 3), include_top=False, pooling="avg", weights=None
    )
    base.set_weights(classifier.get_weights()[:-2])

    @tf.function(jit_compile=False)
    def look(images: tf.Tensor) -> tf.Tensor:
        scaled = tf.image.resize(tf.cast(images, tf.float32), (TEACHER_SIZE, TEACHER_SIZE))
        return base(scaled / 127.5 - 1.0, training=False)  # (batch, 1280)

    images = np.load(work / "train_images.npy", mmap_mode="r")
    features = np.empty((len(images), 1280), "float16")
    for start in range(0, len(images), BATCH_SIZE):
        batch = images[start : start + BATCH_SIZE]
        features[start : start + BATCH_SIZE] = look(tf.constant(batch)).numpy()
        if start % (50 * BATCH_SIZE) == 0:
            print(f"teacher: {start} of {len(images)} images", flush=True)
    np.save(target, features)
