"""The invented people of the demo practice, one module per family."""
