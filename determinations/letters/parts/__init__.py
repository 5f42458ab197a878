"""The parts of a letter: its header, its reviewer, its items with both sides' guidelines."""
