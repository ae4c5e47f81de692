"""A job of GitLab CI."""

from __future__ import annotations

import json

from kb.schedule.job import Job, label_of
from kb.schedule.requirement import requirement
from kb.system.git import place_in_repository

_TEXT = """\
# Brings the index up to date every night. Made by `kb schedule gitlab`.
#
# The time is not set here. Make the schedule once: Build > Pipeline schedules > New schedule, with the interval
# pattern `%(minute)d %(hour)d * * *`; or
#   glab schedule create --description %(label)s --ref main --cron "%(minute)d %(hour)d * * *"
# It belongs to the user who made it and stops when that user is blocked or leaves the project. If people rely on the
# index, let another machine check it every day: `kb status --max-age 26h` exits with 5 when it is older.
%(label)s:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  # One at a time.
  resource_group: %(label)s
  timeout: 6h
  variables:
    KB_ROOT: %(place)s
    # Put in the address of the repository that you have kb from, and a tag or commit of it. The name without an
    # address would install whatever somebody has published under it.
    KB_REQUIREMENT: %(requirement)s
    # GitLab keeps only what is inside the project.
    XDG_CACHE_HOME: $CI_PROJECT_DIR/.cache
  cache:
    # The prepared model, which kb.toml names, and the packages.
    - key:
        prefix: %(label)s-model
        files:
          - %(config)s
      paths:
        - .cache/
    - key: %(label)s-index
      # After a failed run too: the next one continues with what was encoded.
      when: always
      paths:
        - %(index)s
  script:
    # torch for CPUs only: the usual package contains gigabytes for GPUs.
    - python -m pip install -q "uv>=0.7.14"
    - uv pip install -q --system --torch-backend=cpu "$KB_REQUIREMENT"
    # Exit code 3: done in part, or not published; the report names what and why. 5: damaged, or no model.
    - kb -q reindex --report "$KB_ROOT/.kb/report.md"
    - kb status --max-age 26h
  artifacts:
    when: always
    paths:
      - %(report)s
"""


def text(job: Job) -> str:
    """Return the job."""
    place = place_in_repository(job.root)
    below = "" if place == "." else f"{place}/"
    return _TEXT % {
        "label": label_of(job.root),
        "minute": job.at.minute,
        "hour": job.at.hour,
        "place": _value(place.replace("$", "$$")),  # GitLab looks for variables in values
        "requirement": _value(requirement()),
        "config": _value(f"{below}kb.toml"),
        "index": _value(f"{below}.kb/"),
        "report": _value(f"{below}.kb/report.md"),
    }


def _value(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
