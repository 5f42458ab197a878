"""Measurements that anyone can run, and the generator of the letters they run on."""
