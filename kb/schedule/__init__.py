"""The nightly job in the formats of other programs: a systemd timer, a cron line, a workflow, a git hook."""
