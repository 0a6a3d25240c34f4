"""What is said to people in their language; English texts are the keys, and the fall-back."""
