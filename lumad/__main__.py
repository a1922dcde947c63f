"""`python -m lumad` is the `lumad` command."""

from lumad.cli import main

raise SystemExit(main())
