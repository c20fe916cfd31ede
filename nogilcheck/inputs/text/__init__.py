"""TOML, JSON and YAML with line numbers; paths, sources, fingerprints."""
