"""One edition as pages read it: the one a request chose, its rows, classes and marks, and what follows from two figures."""
