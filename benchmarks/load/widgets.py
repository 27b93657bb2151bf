"""What a widget says to the server: its first value, and the one that a person gives it."""

from __future__ import annotations

from typing import Any

from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState


def first_value(widget: Any) -> WidgetState | None:
    """The state of a widget as it comes from the server, or as the app has just set it; None for what has no value."""
    name = widget.DESCRIPTOR.name
    if name not in _VALUES or not widget.id:
        return None
    state = WidgetState(id=widget.id)
    _VALUES[name](widget, state)
    return state


def chosen(widget: Any, value: Any) -> WidgetState:
    """The state after a person has set the widget to `value`: a number, whether it is on, a text, or an option."""
    state = WidgetState(id=widget.id)
    name = widget.DESCRIPTOR.name
    if name == "Checkbox":
        state.bool_value = bool(value)
    elif name == "NumberInput":
        state.double_value = float(value)
    elif name == "ButtonGroup":
        state.string_array_value.data.append(value)
    elif name == "Slider":
        state.double_array_value.data.append(float(value))
    else:
        state.string_value = value
    return state


def options(widget: Any) -> list[str]:
    """What can be chosen, as it is written on the page."""
    if widget.DESCRIPTOR.name == "ButtonGroup":
        return [option.content for option in widget.options]
    return list(widget.options)


def _slider(widget: Any, state: WidgetState) -> None:
    if widget.type == Slider.SELECT_SLIDER:
        known = widget.raw_value if widget.set_value else [widget.options[int(index)] for index in widget.default]
        state.string_array_value.data.extend(known)
    else:
        state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)


def _number(widget: Any, state: WidgetState) -> None:
    field = "value" if widget.set_value else "default"
    if widget.HasField(field):
        state.double_value = getattr(widget, field)


def _text(widget: Any, state: WidgetState) -> None:
    field = "value" if widget.set_value else "default"
    if widget.HasField(field):
        state.string_value = getattr(widget, field)


def _selected(widget: Any, state: WidgetState) -> None:
    if widget.set_value:
        if widget.HasField("raw_value"):
            state.string_value = widget.raw_value
    elif widget.HasField("default"):
        state.string_value = widget.options[widget.default]


def _pressed(widget: Any, state: WidgetState) -> None:
    known = widget.raw_values if widget.set_value else [widget.options[index].content for index in widget.default]
    state.string_array_value.data.extend(known)


def _ticked(widget: Any, state: WidgetState) -> None:
    state.bool_value = widget.value if widget.set_value else widget.default


_VALUES = {
    "Slider": _slider,
    "NumberInput": _number,
    "TextInput": _text,
    "TextArea": _text,
    "Selectbox": _selected,
    "ButtonGroup": _pressed,
    "Checkbox": _ticked,
}
