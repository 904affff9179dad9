"""What names and docstrings of `geo` owe to somebody who reads them first: a name says what it holds, a docstring what raises."""
