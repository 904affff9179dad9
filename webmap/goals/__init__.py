"""Goals: verdicts in words, what was measured beside what is asked for, and the page of each goal."""
