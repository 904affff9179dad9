"""One build after another: what is counted, what is taken over from the last one, and what each step cost."""
