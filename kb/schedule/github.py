"""A workflow of GitHub Actions."""

from __future__ import annotations

import json

from kb.schedule.job import Job, label_of
from kb.schedule.requirement import requirement
from kb.system.git import place_in_repository

_TEXT = """\
# Brings the index up to date every night. Made by `kb schedule github`.
#
# What to know about GitHub's schedules:
# - Only the file on the default branch counts, and the time is UTC.
# - When many are due, above all at full hours, a run starts late or not at all.
# - In a public repository they are switched off after 60 days without activity.
# So nobody hears of a run that did not start. If people rely on the index, let another machine check it every day:
# `kb status --max-age 26h` exits with 5 when it is older.
name: %(label)s
on:
  schedule:
    - cron: "%(minute)d %(hour)d * * *"
  workflow_dispatch:
permissions:
  contents: read
# One at a time; a run that has begun is not cancelled.
concurrency:
  group: %(label)s
  cancel-in-progress: false
env:
  KB_ROOT: %(place)s
  # Put in the address of the repository that you have kb from, and a tag or commit of it. The name without an
  # address would install whatever somebody has published under it.
  KB_REQUIREMENT: %(requirement)s
jobs:
  reindex:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - name: Fetch the packages of earlier runs
        uses: actions/cache@v4
        with:
          path: ~/.cache/uv
          key: kb-packages-${{ runner.os }}-${{ env.KB_REQUIREMENT }}
      - name: Fetch the prepared model
        uses: actions/cache@v4
        with:
          path: |
            ~/.cache/kb-lessons
            ~/.cache/huggingface
          # kb.toml names the model.
          key: kb-model-${{ runner.os }}-${{ env.KB_REQUIREMENT }}-${{ hashFiles('**/kb.toml') }}
      - name: Fetch the index
        uses: actions/cache/restore@v4
        with:
          path: ${{ env.KB_ROOT }}/.kb
          key: %(label)s-${{ runner.os }}-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: %(label)s-${{ runner.os }}-
      - name: Install
        # torch for CPUs only: the usual package contains gigabytes for GPUs.
        run: |
          python -m pip install -q "uv>=0.7.14"
          uv pip install -q --system --torch-backend=cpu "$KB_REQUIREMENT"
      - name: Bring the index up to date
        # Exit code 3: done in part, or not published; the report names what and why. 5: damaged, or no model.
        run: kb -q reindex --report "$GITHUB_STEP_SUMMARY"
        # GitHub stops a job after 6 hours; this leaves enough time to keep what was encoded.
        timeout-minutes: 330
      - name: Keep the index
        # After a failed run too: the next one continues from there. Entries cannot be overwritten, hence the key.
        if: always()
        uses: actions/cache/save@v4
        with:
          path: ${{ env.KB_ROOT }}/.kb
          key: %(label)s-${{ runner.os }}-${{ github.run_id }}-${{ github.run_attempt }}
      - name: Is it up to date?
        if: always()
        run: kb status --max-age 26h
"""


def text(job: Job) -> str:
    """Return the workflow."""
    return _TEXT % {
        "label": label_of(job.root),
        "minute": job.at.minute,
        "hour": job.at.hour,
        "place": json.dumps(place_in_repository(job.root), ensure_ascii=False),
        "requirement": json.dumps(requirement()),
    }
