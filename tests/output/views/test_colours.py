"""Teams are told apart by everybody."""

from itertools import combinations

import numpy as np
import pytest

from doorroute.output.views.colours import COLOURS, contrast, look

# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
# (2009), severity 1.0
SIGHTS = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def _linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _oklab(linear):
    """Source: Ottosson, "A perceptual color space for image processing" (2020)."""
    cones = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ np.clip(linear, 0, 1)
    )
    return (
        np.array(
            [
                [0.2104542553, 0.793617785, -0.0040720468],
                [1.9779984951, -2.428592205, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.808675766],
            ]
        )
        @ cones
    )


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_stay_apart_for_every_kind_of_sight(sight):
    seen = [_oklab(np.array(SIGHTS[sight]) @ _linear(colour)) for colour in COLOURS]
    # 0.02 is a difference that is just seen; side by side on a map it takes a few times that
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 0.07


def test_thirty_two_teams_look_different():
    assert len({look(position) for position in range(32)}) == 32
    assert look(32) == look(0)


def test_teams_of_one_colour_differ_in_the_shape_of_stops_and_in_dashes():
    alike = [look(position) for position in range(0, 32, 8)]
    assert len({one.shape for one in alike}) == len({one.dash for one in alike}) == 4


def test_numbers_can_be_read_on_their_colour():
    for position in range(8):
        assert contrast(look(position).colour, look(position).ink) >= 4.5


def test_contrast_of_black_and_white_is_twenty_one():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
