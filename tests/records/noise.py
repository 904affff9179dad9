"""The noise that tests of cell keys use."""

from __future__ import annotations

import numpy as np

from geo.model.indicators import Noise

NOISE = Noise(variance=3.0, most=5, least=5)
CHANGE = np.arange(-NOISE.most, NOISE.most + 1)
SEED, OTHER = "0f" * 32, "f0" * 32
