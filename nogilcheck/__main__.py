"""``python -m nogilcheck``."""

from nogilcheck.cli.main import main

if __name__ == "__main__":
    main()
