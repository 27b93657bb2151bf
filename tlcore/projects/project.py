"""Finished runs on disk: a ZIP of JSON and safetensors, from which nothing can run.

The network is not in the file, only its weights: it is built again from the specification, by this program's own code.
"""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pydantic import ValidationError

from ..architectures.catalog import catalogued
from ..errors import InvalidArgumentError, ProjectError, WeightsError
from ..models import build_base
from ..models.head import HeadSpec, Network, add_head, kernel_shapes
from ..training.run import Run
from ..training.trained_network import OwnNetwork
from ..translatable import N_
from ..weights.loading import check_finite_tensors, check_tensors, load_tensors, read_safetensors
from .archive import DOCUMENT, damaged_project, extract_weights, read_document, write_archive
from .document import VERSION, ProjectDocument, ProjectImages, json_values

#: Name of the project file of a kept run in the store.
PROJECT_FILE = "project.zip"
_BEFORE = "before_fine_tuning/"  # begins the names of `Run.head_before` among the weights


def save_project(run: Run, path: str | Path, *, name: str = "", images: ProjectImages | None = None) -> Path:
    """Saves a run: what was asked for, what came of it, and the weights.

    Args:
        run: A finished run.
        path: Where to; an older file there is replaced in one step, or not at all.
        name: What the run is called.
        images: What it was trained on: who opens the file with these images at hand can train it on.

    Returns:
        The path.

    Raises:
        ProjectError: The file cannot be written.

    Example:
        >>> path = save_project(run, "helmets.zip")
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    path = Path(path)
    tensors = {name: variable.numpy() for name, variable in run.network.tensors().items()}
    tensors |= {_BEFORE + name: values for name, values in run.head_before.items()}
    try:
        with tempfile.TemporaryDirectory() as folder:
            weights = Path(folder) / "weights"
            save_file(tensors, weights)
            document = _document(run).model_copy(update={"name": name[:200], "images": images})
            write_archive(path, document.model_dump_json(indent=1).encode(), weights)
    except (OSError, SafetensorError) as error:
        raise ProjectError(
            N_(
                "The project could not be written to {path}: the disk is full, or the folder cannot be used. Free some "
                "space or choose another place."
            ),
            path=str(path),
        ) from error
    return path


def load_project(path: str | Path) -> Run:
    """Loads a saved run; its model predicts bit for bit what it predicted when it was saved.

    Args:
        path: A file that `save_project` wrote. One from somebody else is safe to load: nothing in it is executed.

    Returns:
        The run.

    Raises:
        ProjectError: Missing, damaged, too large, of a later version, or not a project at all.

    Example:
        >>> run = load_project("project.zip")
        >>> answers = predict(run, photograph)
    """
    path = Path(path)
    document = read_project_summary(path)
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "weights.safetensors"
        extract_weights(path, weights)
        stored = _tensors(path, weights)
        before = {name: stored.pop(name) for name in list(stored) if name.startswith(_BEFORE)}
        before = {name.removeprefix(_BEFORE): values for name, values in before.items()}
        try:
            network = _build(document, [tensor.shape for tensor in stored.values()])
            load_tensors(network.model, Path(path.name), stored)
            if before:
                check_tensors(OwnNetwork(network).head_tensors, Path(path.name), before)
            for tensors in (stored, before):
                check_finite_tensors(tensors, Path(path.name))
        except (WeightsError, InvalidArgumentError) as error:  # they say what is wrong with what is in the file
            raise ProjectError(error.template, **error.params) from error
    values = {name: getattr(document, name) for name in _run_fields()}
    return Run(**values, network=OwnNetwork(network), head_before=before)


def read_project_summary(path: str | Path) -> ProjectDocument:
    """What a run was, without its weights; needs no tensorflow, so that pages may ask.

    Raises:
        ProjectError: As for `load_project`.
    """
    path = Path(path)
    content = read_document(path)
    try:
        document = ProjectDocument.model_validate_json(content)
    except (ValidationError, InvalidArgumentError) as error:
        raise _unreadable(path, content, error) from error
    if document.version > VERSION:
        raise _too_new(path, document.version)
    return document


def _run_fields() -> list[str]:
    return [field.name for field in fields(Run) if field.name in ProjectDocument.model_fields]


def _document(run: Run) -> ProjectDocument:
    values = {name: json_values(getattr(run, name)) for name in _run_fields() if name != "spec"}
    return ProjectDocument(
        **values,
        spec=run.spec,
        input_shape=run.network.base.input_shape[1:],
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _build(document: ProjectDocument, stored: list[tuple[int, ...]]) -> Network:
    """The network of the specification, before its weights; only as large as the weights that came with it."""
    _check_base(document.spec.base, stored)
    base = build_base(document.spec.base, input_shape=document.input_shape)
    head = document.spec.head_spec(len(document.class_names))
    _check_head(head, base.output_shape[1:], stored)
    return add_head(base, head)


def _check_base(name: str, stored: list[tuple[int, ...]]) -> None:
    """A small file may name a network of gigabytes; it is built only if the file holds as many weights."""
    table = catalogued(name, include_top=False)
    found = sum(math.prod(shape) for shape in stored)
    if table is not None and found < table.total_params:
        raise WeightsError(
            N_("Expected at least the {expected} weights of {name}. Received: {found}. Use another file."),
            expected=table.total_params,
            name=name,
            found=found,
        )


def _check_head(head: HeadSpec, features: tuple[int, ...], stored: list[tuple[int, ...]]) -> None:
    """A file may ask for a dense layer of any size; it is built only if the file holds one."""
    for shape in kernel_shapes(head, features).values():
        if shape not in stored:
            raise WeightsError(
                N_("Expected a dense layer of the shape {shape} among the weights. Received: none. Use another file."),
                shape=shape,
            )


def _tensors(path: Path, weights: Path) -> dict[str, NDArray[Any]]:
    try:
        return read_safetensors(weights)
    except WeightsError as error:
        reason = N_("its weights cannot be read: {detail}")
        detail = str(error.__cause__).removeprefix("Error while deserializing header: ")[:200].rstrip(".")
        raise damaged_project(path, ProjectError(reason, detail=detail)) from error


def _unreadable(path: Path, content: bytes, error: Exception) -> ProjectError:
    """Tells a later version, whose fields are not known yet, from a damaged file."""
    try:
        version = json.loads(content).get("version")
    except (ValueError, AttributeError, RecursionError):
        version = None
    if isinstance(version, int) and version > VERSION:
        return _too_new(path, version)
    return damaged_project(path, _what_cannot_be(error))


def _what_cannot_be(error: Exception) -> ProjectError:
    """The first complaint, without names of classes or of files that nobody knows."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        cause = first.get("ctx", {}).get("error")
        if not isinstance(cause, InvalidArgumentError):
            field = ".".join(map(str, first["loc"]))[:80]
            return ProjectError(
                N_("it says something that cannot be, at “{field}” of {file}"), field=field, file=DOCUMENT
            )
        error = cause
    if isinstance(error, InvalidArgumentError):
        return ProjectError(error.template, **error.params)
    return ProjectError(N_("{file} cannot be read"), file=DOCUMENT)


def _too_new(path: Path, version: int) -> ProjectError:
    return ProjectError(
        N_(
            "Expected a project file of version {known} or older. Received: {path} of version {version}. Update this "
            "program."
        ),
        known=VERSION,
        path=path.name,
        version=version,
    )
