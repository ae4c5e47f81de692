"""A library of two lessons, one of them as somebody hostile would write it."""

from __future__ import annotations

LABELS = """\
---
id: labels
title: Packers took the wrong size from the shelf
summary: A label on the goods ended most wrong parcels.
status: validated
unit: Depot North
people: [{name: Ann Lee, role: contact, contact: ann@example.org}]
answers:
  - dealers send parcels back because the size is wrong
---
# Packers took the wrong size from the shelf

## Problem
Every tenth parcel held a wrong size, and dealers sent it back.

## How we worked it out
Follow ten parcels from the shelf to the lorry, with the packers.

## Tools
A label on the goods that packers can read from the aisle.
"""
HOSTILE = """\
---
id: pumps
title: "@everyone <img src=x onerror=alert(1)> [click](https://evil.example) ::error::pump #12"
summary: "# Pump **bold** <script>alert(1)</script> acme/shop#1 ![x](https://evil.example/x.png)"
status: validated
people: [{name: "@octocat", role: contact, contact: "https://evil.example/login"}]
answers:
  - the pump of the cooling circuit loses pressure at night
---
# A pump

## Problem
The pump of the cooling circuit loses pressure at night. Ask @octocat or see https://evil.example and GH-3.

## How we worked it out
Measure the pressure of the cooling circuit each night with @octocat beside the pump <b>itself</b>.
"""
FILES: dict[str, str | bytes] = {"labels.md": LABELS, "pumps.md": HOSTILE}
PARCELS = "Dealers send parcels back because the size is wrong"
PUMP = "The pump of the cooling circuit loses pressure at night"
FAR = "Lattice chromodynamics of quarks"
