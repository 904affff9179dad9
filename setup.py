"""Where the packages of a wheel come from; all that is said in words about the project stands in pyproject.toml.

In a clone `boundaries/` and `data/` lie at the top, where people look for them. A wheel unpacks into a folder that all projects share,
so there they are packages of data inside the program: nobody else's `data` can stand in their place (docs/decisions/wheel.md).
"""

from setuptools import find_packages, setup

EMBEDDED = {"omraadekort.embedded.boundaries": "boundaries", "omraadekort.embedded.data": "data"}

setup(packages=[*find_packages(include=["geo*", "webmap*", "omraadekort*"]), *EMBEDDED], package_dir=EMBEDDED)
