"""What the words of requests, summaries and reasons say, as data."""
