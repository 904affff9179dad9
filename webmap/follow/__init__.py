"""Following by e-mail: asked for on a page, confirmed by a letter, told of each change, stopped with one click. docs/follow.md."""
