"""Pages about those who act for the person: for staff, for her, and for the representative."""
