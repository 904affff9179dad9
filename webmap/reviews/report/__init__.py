"""The status report of a year while it is a draft: remarks and approval."""
