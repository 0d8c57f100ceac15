"""The app that the portal is measured against."""
