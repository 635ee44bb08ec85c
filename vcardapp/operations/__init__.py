"""What whoever runs a server needs: backups, check-ups, figures, logs."""
