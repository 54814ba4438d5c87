"""Client of Tessera, a distributed image processing service. Needs the standard library alone (Python 3.9 or later)."""

from .client import Tessera
from .transport import TesseraError

__all__ = ["Tessera", "TesseraError"]
