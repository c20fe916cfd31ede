"""Project files: pyproject.toml, setup.cfg, scripts, the tables of tools, environment.yml, pixi.toml."""
