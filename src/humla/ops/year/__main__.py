"""`python -m humla.ops.year`: writes the year into the förbund just loaded, as the owner."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from humla.ops.year.writing import main

    sys.exit(main())
