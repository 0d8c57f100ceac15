"""How fast the portal is, as ratios to a bare Reflex app built and served beside it: `python -m bench`."""
