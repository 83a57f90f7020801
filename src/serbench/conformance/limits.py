"""What a codec may take of the process that it is checked in."""

from __future__ import annotations

PROCESSOR_SECONDS = 30.0
"""Of one check."""

ROOM_BYTES = 4 << 30
"""What may be mapped besides what is there once the codec is imported."""
