"""The workroom: files are brought, read, rehearsed, signed and published in the browser, and the catalogue is written in forms."""
