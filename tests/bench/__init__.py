"""`python -m tests.bench`: what it costs, each figure beside what a user would pick instead, measured in the same run."""
