"""Attacks on what lies in a workspace: files, editions, databases, the log; and on the commands that write it."""
