"""Resolutions beside what a language's own compiler says each call reaches."""
