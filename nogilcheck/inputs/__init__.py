"""Files and names -> roots, each with file and line.

`nogilcheck.inputs.reader.read_inputs` is the entrance; `nogilcheck.inputs.witness` tells whether an answer still holds.
"""
