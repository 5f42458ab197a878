"""Looks for texts that the reader of letters cannot stand: letters damaged at random, and plain noise.

    python -m bench.fuzz --seconds 600 --jobs 2            samples, golden letters and generated ones as a start
    python -m bench.fuzz --letters FOLDER --seed 7         the letters of a folder as well; other chances
    python -m bench.fuzz --seed 7 --only 1234              one input again

Input ``n`` of a seed is always the same as long as the letters it starts from are. What fails is made as short as it
can be and written to var/fuzz/ with what went wrong.
"""
