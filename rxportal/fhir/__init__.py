"""Pure mapping between FHIR R4 resources and what the portal stores and shows."""
