"""A million letters straight into the archive's database, for measuring search; see ``__main__``."""
