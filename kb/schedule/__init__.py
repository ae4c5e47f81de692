"""The nightly job as other programs know it: a systemd timer, a cron line, a workflow, a git hook."""
