"""The commands of `omraadekort`, a module a room, and what they share: how arguments are read and answers are written."""
