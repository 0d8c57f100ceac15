"""The demo practice: people, records (as FHIR bundles) and accounts, all of them invented."""
