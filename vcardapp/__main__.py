"""python -m vcardapp: the same as the command vcardapp."""

from vcardapp.cli import main

if __name__ == "__main__":
    main()
