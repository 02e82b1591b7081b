"""Travel times and legs between doors, computed from an OpenStreetMap extract."""

from doorroute.network.hours import Hours
from doorroute.network.nearest import Neighbours
from doorroute.network.snapping import REACH_M, Snapped
from doorroute.network.streets import Leg, StreetNetwork, open_network

__all__ = ["REACH_M", "Hours", "Leg", "Neighbours", "Snapped", "StreetNetwork", "open_network"]
