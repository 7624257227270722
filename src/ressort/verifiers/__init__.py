"""Programs for strangers: one file each, the standard library alone, to check what an authority published."""
