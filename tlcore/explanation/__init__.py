"""Looks into a network: where it looks, what its channels answer, what its weights are, how its numbers come about.

Importing this package does not import tensorflow; calling what needs a network does.
"""

from .arithmetic import Arithmetic, has_arithmetic, layer_arithmetic
from .class_activation import grad_cam
from .feature_maps import ChannelActivity, channel_activity, feature_maps, map_pictures, most_active_channels
from .occlusion import occlusion_map
from .overlay import heat_colours, heat_layer, overlay_heat
from .sanity import map_likeness, randomized
from .smooth_gradients import smooth_gradients
from .weights import WeightStatistics, first_layer_filters, weight_statistics

__all__ = [
    "Arithmetic",
    "ChannelActivity",
    "WeightStatistics",
    "channel_activity",
    "feature_maps",
    "first_layer_filters",
    "grad_cam",
    "has_arithmetic",
    "heat_colours",
    "heat_layer",
    "layer_arithmetic",
    "map_likeness",
    "map_pictures",
    "most_active_channels",
    "occlusion_map",
    "overlay_heat",
    "randomized",
    "smooth_gradients",
    "weight_statistics",
]
