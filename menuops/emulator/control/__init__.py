"""The emulator's own interface under /__emulator__/, and its page. No call of WeChat's."""
