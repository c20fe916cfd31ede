"""The ledger: what is known of projects beside their wheels, with sources. Pure; none of it changes a verdict."""
