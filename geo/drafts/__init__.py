"""Drafts: what people bring and propose, applied to a copy of the workspace, rehearsed there, signed, published, and rolled back."""
