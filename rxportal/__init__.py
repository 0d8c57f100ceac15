"""rxportal: a patient portal."""
