"""A disk that forgets what was not synced: what a program asked of the disk is recorded, and every state that it could leave is made."""
