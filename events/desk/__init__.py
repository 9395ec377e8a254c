"""The curators' pages: the review queue, correcting, merging, stories, history."""
