"""A figure and its doubt: joins, shares with intervals, differences, series, modelled shares."""
