"""Writes src/models/imagenet-classes.ts from torchvision's list of ImageNet-1K class names."""
from pathlib import Path

from torchvision.models._meta import _IMAGENET_CATEGORIES as CATEGORIES

HEAD = """// The 1000 classes of ImageNet-1K in the order of the network's outputs, with torchvision's names (see NOTICE).
// Written by tools/imagenet_classes.py.
const NAMES = `
"""
TAIL = """`

/** The names of ImageNet-1K's classes by index (torchvision: `weights.meta["categories"]`). */
export const IMAGENET_CLASSES: readonly string[] = NAMES.trim().split(/;\\s+/)
"""

assert len(CATEGORIES) == 1000 and not any(";" in name or "`" in name for name in CATEGORIES)
lines, line = [], ""
for index, name in enumerate(CATEGORIES):
    piece = name + ("; " if index < 999 else "")
    if len(line) + len(piece.rstrip()) > 110:
        lines.append(line.rstrip())
        line = ""
    line += piece
lines.append(line)
target = Path(__file__).parent.parent / "src/models/imagenet-classes.ts"
target.write_text(HEAD + "\n".join(lines) + "\n" + TAIL)
