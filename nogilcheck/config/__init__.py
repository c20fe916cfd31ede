"""What the user asked for: defaults < `[tool.nogilcheck]` < environment < flags.

`settle.settle` is the entrance. A replayed check comes through here: nothing heavy may be imported where there is
no configuration.
"""
