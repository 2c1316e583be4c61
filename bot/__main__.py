"""`python -m bot` is `precedent`."""

from bot.cli import main

if __name__ == "__main__":
    main()
