"""Captures: files of frames, read strictly, with their damage located."""
