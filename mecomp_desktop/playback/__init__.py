"""Queue, transport and history of plays, over one audio engine."""
