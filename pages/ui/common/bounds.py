"""What a setting of a run may be, read from the model that checks it in the end: so link and widget say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args

from annotated_types import Le
from pydantic.fields import FieldInfo

from tlcore.settings import get_settings
from tlcore.training import TrainingSpec

_UNTOUCHED = TrainingSpec()
#: Where this lab allows less than a run could have.
_MOST_HERE = dict.fromkeys(("epochs", "fine_tuning_epochs"), get_settings().max_epochs)


def default(setting: str) -> Any:
    """What a run has where nothing else was chosen."""
    return getattr(_UNTOUCHED, setting)


def choices(setting: str) -> tuple[str, ...]:
    """The values of a setting that has a name for each of them."""
    return get_args(TrainingSpec.model_fields[setting].annotation)


def bounds(setting: str) -> tuple[Any, Any]:
    """Least and greatest value of a number, as `st.number_input` takes them; None where there is no greatest.

    Of several numbers (`head`), those of each of them.
    """
    least, most = 0, None
    for limit in _limits(TrainingSpec.model_fields[setting]):
        least = getattr(limit, "ge", least)
        most = getattr(limit, "le", limit.lt - 1 if hasattr(limit, "lt") else most)
    return least, _MOST_HERE.get(setting, most)


def parameters(settings: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """Fields for `pydantic.create_model`: types and defaults of a run's settings under the names of a URL.

    Args:
        settings: Parameter of the URL -> setting of the run.
    """
    fields = {parameter: TrainingSpec.model_fields[setting] for parameter, setting in settings.items()}
    return {name: (_bounded(field, settings[name]), field.default) for name, field in fields.items()}


def each(setting: str) -> Any:
    """Type of one of the numbers that a setting has several of."""
    return get_args(TrainingSpec.model_fields[setting].annotation)[0]


def _bounded(field: FieldInfo, setting: str) -> Any:
    limits = [*field.metadata, *(Le(_MOST_HERE[name]) for name in (setting,) if name in _MOST_HERE)]
    return Annotated[field.annotation, *limits] if limits else field.annotation


def _limits(field: FieldInfo) -> Iterator[Any]:
    yield from field.metadata
    for part in get_args(field.annotation)[:1]:  # of a tuple: what each of its numbers is
        for note in getattr(part, "__metadata__", ()):
            yield from note.metadata if isinstance(note, FieldInfo) else (note,)
