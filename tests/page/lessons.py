"""The lessons of a company, in several languages and states."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40

LABELS = """\
---
id: labels
title: Labels that packers can read
unit: Depot North
date: 2023-04
status: validated
tags: [logistics, labels]
summary: A label on the goods themselves cut returns.
supersedes: [old-labels]
people:
  - {name: Ines Ortega, role: contact, contact: ines@example.org}
impact: [{area: cost, metric: cost of returns, before: 310, after: 120, unit: EUR, design: pre-post}]
answers: [parcels come back because the wrong size was packed]
review_by: 2020-01-01
---
# Labels that packers can read

## Problem

Parcels came back because packers could not read the labels. See [the old way](sub/old.md#problem) and [[offers]].
![the shelf](shelf.png) ![elsewhere](https://example.org/a.png)

## Method

We followed ten parcels from the shelf to the lorry.

## Tools

A label that can be read from the aisle.
"""
LESSONS = {
    "labels.md": LABELS,
    "sub/old.md": """\
---
id: old-labels
title: Checking labels twice
status: superseded
unit: Depot North
date: 2011-02
---
# Checking labels twice

## Problem

Packers read the labels of parcels twice, and parcels came back all the same.
""",
    "offers.md": """\
---
id: offers
title: Offers that were late
unit: Sales
date: 2021
status: draft
people: [{name: Tom Baker, role: contact, contact: "+44 20 7946 0018"}]
impact:
  - {area: revenue, metric: offers in time, before: 40, after: 90, unit: "%", design: objectives-based, target: 80}
reused: [{lesson: labels, outcome: helped, note: with forms, saved: 3 days}]
---
# Offers that were late

## Problem

Offers to dealers left late because nobody signed them.
""",
    "second.md": """\
---
id: second
reused: [{lesson: labels, outcome: did-not-help}]
---
# A second depot

Night shift.
""",
    "2006/plans.md": "---\nunit: Sales\ndate: 2019-05-02\n---\n# Forty plans\n\n## Tools\n\nA calendar for dealers.\n",
    "hebrew.md": """\
---
id: מכתבי-תלונה
title: "מכתבי תלונה: מענה תוך יומיים"
unit: שירות
---
# מכתבי תלונה: מענה תוך יומיים

## Problem

לקוחות חיכו שבועיים לתשובה על מכתבים.
""",
    "japanese.md": """\
---
id: 誤出荷
title: 夜間の誤出荷を半分にした
---
# 夜間の誤出荷を半分にした

夜間シフトで誤出荷が多かった。
""",
}
MAIL = (
    """\
Dear all,

parcels come back because packers cannot read our labels, dealers are angry, and nobody knows what to do.
unit:nothing "a quote" -labels

"""
    + "What did others do about such labels?\n" * 8
)
