"""What the bot does on a tick: keep occurrences in step with the plan, remind, announce, deliver, summarise."""
