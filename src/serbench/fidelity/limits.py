"""What a codec may take of the process that it is examined in."""

from __future__ import annotations

PROCESSOR_SECONDS = 3.0
"""Of one probe or one input."""

ROOM_BYTES = 1 << 30
"""What may be mapped besides what the process holds once its codec has carried a first message."""
