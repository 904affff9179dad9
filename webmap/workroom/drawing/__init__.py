"""Drawing an area on a map, or writing its corners: a new hotspot or another outline, brought to a draft as a layer."""
