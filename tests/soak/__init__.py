"""A wave of reminders at eight o'clock, within Telegram's limits, while people press buttons."""
