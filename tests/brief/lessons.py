"""A small library with all that a brief may have."""

from __future__ import annotations

BROCHURES = """\
---
id: brochures
title: Customers got brochures with errors
unit: Sales South
status: validated
date: 2020-03
people: [{name: Ann Lee, role: contact, contact: ann@example.org}]
impact:
  - {area: cost, metric: costs, change: "-50%", design: pre-post}
applies_when:
  - one text is printed in many places
  - the copy changes every week
not_when:
  - every place sells the same
---
# Customers got brochures with errors

## Problem
Customers complained that our brochures had errors. Some were about options that nobody could buy there.

## What was done
A team rethought how one brochure is made. It took three days in their own rooms.

## What we learned
Copy must be checked before it is printed. However, nobody had time for that.

## How we worked it out
1. Collect every complaint about a brochure.
2. Sit down with the printers for a day.
3. Let two people read each page aloud.

## Tools
### Proof sheet
Lists the errors that brochures had before. One page.

- **Reading club.** Two readers for each brochure.

## What did not work
A spelling checker found none of the errors in brochures.

## Impact
How many brochures were printed again is not stated.
"""
FLYERS = """\
---
title: Flyers with an old price
unit: Sales North
status: draft
---
# Flyers with an old price

## What happened
Flyers were printed with an old price, and the errors were found by customers. This cost a week.

## What was done
The price list is now read by a machine before flyers and brochures go to print.
"""
PLANS = "# Forty plans\n\nForty teams plan in forty languages, so that no plan can be compared with another.\n"
LESSONS: dict[str, str | bytes] = {"brochures.md": BROCHURES, "deep/flyers.md": FLYERS, "plans.md": PLANS}
