"""What takes more than one call: sending images, and waiting for results."""

from __future__ import annotations

import mimetypes
import time
from pathlib import Path
from typing import Any

from .api import Api

_FINAL = ("Succeeded", "Failed", "Canceled", "Completed")


class Tessera(Api):
    """All calls of the API, and `upload`, `run` and `wait`."""

    def upload(self, path: str | Path, name: str | None = None) -> str:
        """Sends a file to the storage; gives the name under which tasks and jobs know it."""
        path = Path(path)
        data = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or ""
        content_type = kind if kind.startswith("image/") else "application/octet-stream"
        file = {"name": name or path.name, "contentType": content_type, "bytes": len(data)}
        (upload,) = self.create_uploads({"files": [file]})["uploads"]
        self.put(upload["url"], data, upload["headers"])
        return file["name"]

    def wait(self, work: dict[str, Any], timeout: float = 600) -> dict[str, Any]:
        """Waits for the end of a task or a job; gives it as it is then. Raises TimeoutError after so many seconds."""
        end = time.monotonic() + timeout
        read = self.get_task if "jobId" in work else self.get_job
        while work["state"] not in _FINAL:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{work['id']} is still {work['state']}.")
            work = read(work["id"], wait=max(1, min(20, int(left))))
        return work

    def run(self, image: str | Path, steps: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
        """Uploads an image and runs the steps on it; gives the task at its end."""
        name = self.upload(image)
        return self.wait(self.create_task({"image": name, "steps": steps, **options}))
