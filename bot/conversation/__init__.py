"""What the bot answers: one transaction per thing heard, from who said it to the answer in the outbox."""
