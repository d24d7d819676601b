"""The screens, one to a file; each draws itself from one snapshot."""
