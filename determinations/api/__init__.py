"""The read-only JSON API under /api/v1/: the same searches, counts and records as the pages, for programs."""
