"""Where results are sent: GitHub, GitLab, chat robots, any webhook."""
