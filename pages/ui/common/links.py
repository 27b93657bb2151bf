"""What the links of several pages may ask, checked before anything runs; each page's own Link is in its `state.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from tlcore.architectures import list_architectures
from tlcore.datasets.registry import LARGEST_SIDE, SMALLEST_SIDE


def one_of(names: list[str], value: str) -> str:
    """The value itself.

    Raises:
        ValueError: It is none of these; says which there are.
    """
    if value not in names:
        raise ValueError(", ".join(names))
    return value


def architecture_name(value: str) -> str:
    """The value itself, a name of the registry of networks.

    Raises:
        ValueError: No network has this name.
    """
    return one_of(list_architectures(), value)


Name = Annotated[str, Field(min_length=1, max_length=120)]
Architecture = Annotated[Name, AfterValidator(architecture_name)]
LayerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,120}$")]
Weights = Literal["embedded", "imagenet", "random"]  # not a path: a link opens no file of the server
Side = Annotated[int, Field(ge=SMALLEST_SIDE, le=LARGEST_SIDE)]


class Link(BaseModel):
    """Parameters of a page; those that are not in the URL stay as they are."""

    model_config = ConfigDict(extra="ignore")


def link(name: str, example: str, fields: Mapping[str, Any]) -> type[Link]:
    """A page's Link, some of whose fields are taken from a specification (see `bounds.parameters`).

    Args:
        name: Of the class.
        example: A URL that it can read.
        fields: Parameter -> its type and what stands for a parameter that is not there.
    """
    return create_model(name, __base__=Link, __doc__=example, **fields)
