"""The program: the command line, and what uses the application as a reader does."""
