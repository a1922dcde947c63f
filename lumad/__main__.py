"""`python -m lumad` is the `lumad` command; the desk starts its children this way."""

from lumad.cli import main

raise SystemExit(main())
