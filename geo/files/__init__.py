"""Bytes to values: the workspace's folder, files written whole, and the forms of tables and layers that come in."""
