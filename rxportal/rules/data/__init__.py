"""Compact code lists and word lists, with the notices of where they come from (see NOTICE.md)."""
