"""Words for up and down, and for factors."""

from __future__ import annotations

FALLING = (
    *("down", "fell", "fallen", "fall", "falls", "falling", "dropped", "drops", "dropping", "drop", "decreased"),
    *("decreases", "decreasing", "decrease", "declined", "declines", "declining", "decline", "reduced", "reduces"),
    *("reducing", "reduction", "reductions", "cut", "cuts", "cutting", "lowered", "lowers", "lowering", "shrank"),
    *("shrunk", "shortened", "shortening", "slashed", "sank", "trimmed"),
)
RISING = (
    *("up", "rose", "risen", "rises", "rising", "rise", "increased", "increases", "increasing", "increase", "grew"),
    *("grown", "grows", "growing", "growth", "climbed", "climbs", "raised", "raises", "raising", "gained", "gain"),
    *("jumped", "surged", "extended", "lengthened"),
)
SAVING = ("saved", "saves", "saving", "savings")
"""Words for savings: less was spent than expected, not less than before."""
FACTORS = {"halved": 0.5, "doubled": 2.0, "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0, "twofold": 2.0}
