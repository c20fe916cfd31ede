"""Options and settings: defaults < `[tool.nogilcheck]` < environment < flags.

`option_table` declares the options, `effective.merge_layers` merges the layers. Every run imports this package:
nothing heavy may be imported where there is no configuration.
"""
