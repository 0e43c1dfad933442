"""The few places where the window meets Qt's threads, timers and sockets."""
