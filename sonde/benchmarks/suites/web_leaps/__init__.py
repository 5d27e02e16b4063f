"""A suite in the manner of WebLeaper: sets of entities that must be gathered from many pages."""
