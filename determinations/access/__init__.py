"""Who may do what, and how they log in.

``rights`` is the table of roles. ``locking`` counts failed logins, ``second_factor`` asks for a code of an
authenticator, ``sessions`` ends sessions, and ``site`` puts them together for the admin.
"""
