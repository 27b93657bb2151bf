"""What whoever runs the lab can see of it: a log that machines read, numbers for Prometheus; nothing of anybody."""
