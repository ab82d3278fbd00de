"""What people write, and who they are: beside the snapshots, which know nothing of it."""
