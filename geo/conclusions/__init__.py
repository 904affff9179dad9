"""Conclusions, from nothing but what an audience may read: verdicts, class breaks, redraws."""
