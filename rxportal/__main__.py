"""`python -m rxportal …`."""

from rxportal.cli import main

if __name__ == "__main__":
    main()
