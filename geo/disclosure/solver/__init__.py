"""The solver of disclosure control: matrices in, figures to hide and proofs out. It knows no indicator, no area and no register."""
