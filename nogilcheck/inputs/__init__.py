"""Files and names -> roots, each with file and line.

The entrance is `nogilcheck.inputs.reader.read_inputs`; `nogilcheck.inputs.text.input_fingerprint` tells whether an
answer still holds.
"""
