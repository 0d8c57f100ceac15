"""From pages to files: builds the front end once, so that serving it needs neither Node nor another compile."""
