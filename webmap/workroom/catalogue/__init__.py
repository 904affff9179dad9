"""The catalogue in forms: made from the types that check its files, proposed and never written at once."""
