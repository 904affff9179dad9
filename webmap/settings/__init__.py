"""Settings of the web application: one frozen value, read once, from one documented list."""

from webmap.settings.options import OPTIONS, PREFIX, Option, read
from webmap.settings.values import DEPARTMENTS, Settings

__all__ = ["DEPARTMENTS", "OPTIONS", "PREFIX", "Option", "Settings", "read"]
