"""The networks: one room each, all behind `bot.ports.Channel`."""
