"""From the source text to a text that can be read, with the way back to the source."""
