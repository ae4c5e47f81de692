"""`python -P -m kb` is `kb`."""

from kb.main import main

main()
