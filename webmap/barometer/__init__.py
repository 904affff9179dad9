"""The integration barometer: every goal of the integration policies on one page, from start to target."""
