"""Uploads an image, finds its edges, and saves the picture: python3 example.py http://127.0.0.1:7071 photo.jpg edges.png"""
import sys
from tessera import Tessera

_, url, photo, saved = sys.argv
tessera = Tessera(url)
task = tessera.run(photo, [{"operation": "canny", "params": {"blur": 1.5}}])
with open(saved, "wb") as file:
    file.write(tessera.get_result(task["id"]))
print(f"{task['state']}: {task['measurements'][0]['edgePixels']} pixels are on an edge")
