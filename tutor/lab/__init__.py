"""Running a demo: worker, snapshots, pacing, headless runs."""
