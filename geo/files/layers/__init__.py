"""Reading layers: files of areas, in the formats that maps are exchanged in, each refused or read as its owner sees it."""
