"""`python -m bot` is `precedent`."""

from bot.tools.cli import main

if __name__ == "__main__":
    main()
