"""What the links of several pages may ask, checked before anything runs; each page's own Link is in its `state.py`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tlcore.architectures import list_architectures


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
Side = Annotated[int, Field(ge=16, le=1024)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class Link(BaseModel):
    """Parameters of a page; those that are not in the URL stay as they are."""

    model_config = ConfigDict(extra="ignore")
