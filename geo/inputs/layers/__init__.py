"""Layers from elsewhere made into area sets: read, cleaned, recognised, compared with what is there, and written with provenance."""
