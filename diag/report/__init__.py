"""Renders: JSON documents and terminal tables. They judge nothing themselves."""
