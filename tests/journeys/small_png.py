"""Pictures of pages in 256 colours: a third of the size, with nothing to see of it."""

import base64
import struct
import zlib

from playwright.sync_api import Page

# The colours that occur most, and for each pixel the nearest of them. Chromium reads the picture, so we need not.
IN_256_COLOURS = """async data => {
    const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
    const drawing = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    drawing.drawImage(picture, 0, 0);
    const colours = new Uint32Array(drawing.getImageData(0, 0, picture.width, picture.height).data.buffer);
    const counts = new Map();
    for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
    const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
    const apart = (a, b) => parts(a).reduce((sum, part, i) => sum + (part - parts(b)[i]) ** 2, 0);
    const nearest = new Map(palette.map((colour, place) => [colour, place]));
    for (const colour of counts.keys()) {
        if (nearest.has(colour)) continue;
        let best = 0;
        palette.forEach((other, place) => { if (apart(colour, other) < apart(colour, palette[best])) best = place; });
        nearest.set(colour, best);
    }
    let pixels = "";
    for (const colour of colours) pixels += String.fromCharCode(nearest.get(colour));
    return [picture.width, picture.height, palette.flatMap(parts), btoa(pixels)];
}"""


def in_256_colours(page: Page, picture: bytes) -> bytes:
    """A PNG of one byte a pixel out of any PNG. `page` is an empty page of a browser."""
    width, height, palette, encoded = page.evaluate(IN_256_COLOURS, base64.b64encode(picture).decode())
    pixels = base64.b64decode(encoded)
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(palette)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
