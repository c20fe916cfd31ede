"""What the user gave: files and names -> requirements with file and line.

The entrance is `nogilcheck.inputs.reader.read_inputs`; `nogilcheck.inputs.text.input_fingerprint` tells whether an
answer still holds.
"""
