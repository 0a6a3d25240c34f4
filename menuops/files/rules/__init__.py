"""What is wrong or doubtful in what a file says, and comments that silence a doubt."""
