"""Rules: plain values in, plain values out; `now` is an argument and nothing here touches the world."""
