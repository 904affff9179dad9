"""The version of the program: here, and nowhere else. The changelog says what each version changed."""

from typing import Final

VERSION: Final = "0.1.0"
