"""The palette by computation: seen on both grounds, told apart with and without all cones."""

import itertools
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from dashboard import theme

CONFIG = tomllib.loads(
    (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
PALETTE = {name: getattr(theme, name) for name in ("BLUE", "VERMILION", "GREEN", "PURPLE", "OCHRE", "GREY")}
GROUNDS = {
    (name, ground): CONFIG["theme"][name][ground]
    for name in ("light", "dark")
    for ground in ("backgroundColor", "secondaryBackgroundColor")
}
# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
SIGHT = {
    "all cones": np.eye(3),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    """Linear light of a colour such as #2f7fc1."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear light, white D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    relative = to_xyz @ light.clip(0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: str, other: str, sight: str) -> float:
    """How far apart two colours look (CIE 1976); about 2 can just be seen side by side."""
    return math.dist(lab(SIGHT[sight] @ linear(one)), lab(SIGHT[sight] @ linear(other)))


def test_the_measures_themselves():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#000000", "#ffffff", "all cones") == pytest.approx(100, abs=0.1)
    # red and green of equal lightness are one to those without the cones for green
    assert difference("#c04000", "#707000", "deutan") < difference("#c04000", "#707000", "all cones") / 3


@pytest.mark.parametrize("colour", PALETTE)
@pytest.mark.parametrize("ground", GROUNDS, ids="-".join)
def test_each_colour_is_seen_on_each_ground(colour: str, ground: tuple[str, str]):
    assert contrast(PALETTE[colour], GROUNDS[ground]) >= 3


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(PALETTE, 2)))
def test_no_two_colours_look_alike(one: str, other: str):
    assert difference(PALETTE[one], PALETTE[other], "all cones") >= 30


# A difference of about 2 is just seen on two plates side by side. Lines are thin and labels far from them: several times that.
@pytest.mark.parametrize("sight", [each for each in SIGHT if each != "all cones"])
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(theme.CYCLE, 2)))
def test_any_two_colours_of_a_chart_are_told_apart_without_all_cones(one: str, other: str, sight: str):
    assert difference(one, other, sight) >= 15


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    ("one", "other"), [*itertools.pairwise(theme.CYCLE), *itertools.combinations(theme.CYCLE[:3], 2)]
)
def test_neighbours_are_further_apart(one: str, other: str, sight: str):
    assert difference(one, other, sight) >= 20


@pytest.mark.parametrize(("one", "other"), list(itertools.pairwise(theme.CYCLE)))
def test_neighbours_differ_in_greyscale(one: str, other: str):
    """3:1 on both grounds leaves L* 46.5 to 59.2, so most that two can differ by is under 13; 8 is seen in print."""
    assert abs(lab(linear(one))[0] - lab(linear(other))[0]) >= 8


def test_lines_are_told_apart_without_colour():
    assert len(set(theme.CYCLE)) == len(theme.CYCLE)
    assert len(set(theme.MARKERS)) >= len(theme.CYCLE)
    assert len(set(theme.DASHES)) >= len(theme.CYCLE)


def test_destinations_keep_their_colour():
    colours = [theme.destination_colour(each) for each in ("JP", "US", "CN", "SG", "HK")]
    assert len(set(colours)) == 5
    assert theme.GREY not in colours
    assert theme.destination_colour("XX") == theme.GREY
