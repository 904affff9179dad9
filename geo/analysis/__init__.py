"""What an analyst asks for in a notebook: plain functions over tables, the same ones that an edition is made with.

`import geo` gives them all.
"""
