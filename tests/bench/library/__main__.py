"""`python -m tests.bench.library [SIZE…]`."""

from tests.bench.library.figures import main

if __name__ == "__main__":
    raise SystemExit(main())
