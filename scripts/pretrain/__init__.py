"""Pretraining of `VGG16Slim`, the base network that ships with `tlcore`.

`python -m scripts.pretrain --data FOLDER --work FOLDER` runs every stage, each in its own process and each resumable:
decode the photographs, fold the teacher, train with BatchNorm, fold it away, write the shipped file.
"""
