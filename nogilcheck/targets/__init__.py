"""``3.14t`` and ``linux-x86_64`` -> `Target`, with its tags (PEP 425) and marker environment (PEP 508).

Nothing but `host` reads the running interpreter: `packaging` is always given versions and platforms.
"""
