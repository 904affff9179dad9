"""The processes of a running server: workers that answer, each asked whether it does, and the keeper of the stored pages."""
