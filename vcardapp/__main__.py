"""python -m vcardapp: the same as the command vcardapp."""

from vcardapp.cli import main

main()
