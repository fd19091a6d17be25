"""What a turn draws, on which image, and how it looks: the rules by which ViLaSR's traces are drawn. Needs Pillow alone.

The pixels are those of `vilasr`, which follows Pillow 13 to the byte; of labels, those in characters that Pillow's default
font has (Latin). An older Pillow draws some shapes and its labels otherwise.
"""

import ast
import warnings

from PIL import ImageColor, ImageDraw

FENCE = "```"
FIRST_COLOURS = (
    "red green blue yellow orange pink purple brown gray beige turquoise cyan magenta lime navy maroon teal olive coral "
    "lavender violet gold silver"
).split()
COLOURS = FIRST_COLOURS + list(ImageColor.colormap)
STROKE = 4
DOT = 4


class Ends(Exception):
    """The rollout ends here; the argument says why, in upstream's words."""


class Board:
    """The images of one rollout, those of the question first, and what lies on each."""

    def __init__(self, images, max_images=42):
        self.images = list(images)
        self.max_images = max_images
        self.canvases = [({}, {}) for _ in self.images]

    def draw(self, drawings):
        """Draws the drawings of one turn, and gives the numbers of the new images. Raises `Ends`, and then draws nothing."""
        by_image = {}
        # Boxes decide before lines in which order the images come.
        for index in [one["index"] for kind in (is_box, is_line) for one in drawings if kind(one)]:
            if index < 1:
                raise Ends("ToolError")
            if index > len(self.images):
                raise Ends("IndexError")
            by_image.setdefault(index, [one for one in drawings if one["index"] == index])
        if len(self.images) >= self.max_images:
            raise Ends("TooManyImages")
        first = len(self.images) + 1
        for index, drawn in by_image.items():
            if len(self.images) >= self.max_images:
                break
            canvas = tuple(
                {**below, **{one["label"]: one for one in drawn if kind(one)}}
                for below, kind in zip(self.canvases[index - 1], (is_box, is_line))
            )
            image = self.images[index - 1].convert("RGB").copy()
            paint(image, *(list(shapes.values()) for shapes in canvas))
            self.images.append(image)
            self.canvases.append(canvas)
        return list(range(first, len(self.images) + 1))


def next_images(board, text, number, max_turns):
    """The numbers of the images that turn `number` (from 0) draws, and whether the next turn must answer. Raises `Ends`."""
    if number + 1 >= max_turns or ("<answer>" in text and "</answer>" in text):
        raise Ends("stop")
    drawings = drawings_in(text)
    if not drawings:
        raise Ends("ToolError")
    numbers = board.draw(drawings)
    return numbers, number + 2 >= max_turns or len(board.images) >= board.max_images


def is_line(drawing):
    return "bbox_2d" not in drawing


def is_box(drawing):
    return "bbox_2d" in drawing


def drawings_in(text):
    """All drawings of the blocks of a turn. Raises `Ends` for one that cannot be carried out."""
    found = []
    for block in blocks_in(text):
        literal = literal_in(block)
        if isinstance(literal, (list, tuple, set)):
            found += [read(one) for one in literal if isinstance(one, dict)]
    return [one for one in found if one is not None]


def blocks_in(text):
    """A block that nothing closes ends before `</think>`, or with the text."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if line.strip() == FENCE + "json":
            rest = "\n".join(lines[i + 1 :])
            yield rest.split(FENCE, 1)[0] if FENCE in rest else rest.split("</think>", 1)[0].strip()


class JsonNames(ast.NodeTransformer):
    values = {"null": None, "true": True, "false": False}

    def visit_Name(self, node):
        return ast.Constant(self.values[node.id]) if node.id in self.values else node


def literal_in(block):
    """A Python literal, in which JSON's names may stand; None if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(JsonNames().visit(ast.parse(block.lstrip(" \t"), mode="eval")))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def read(item):
    """A drawing with its numbers checked; None where the keys are of neither shape."""
    if "label" in item and "bbox_2d" in item:
        shape = {"bbox_2d": numbers(item["bbox_2d"])}
    elif "label" in item and "start_point_2d" in item and "end_point_2d" in item:
        shape = {key: numbers(item[key], 2) for key in ("start_point_2d", "end_point_2d")}
    else:
        return None
    index, label = item.get("index"), item["label"]
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(label, str):
        raise Ends("ToolGenError")
    return {"index": index, "label": label, **shape}


def numbers(value, count=None):
    if not isinstance(value, (list, tuple)) or count not in (None, len(value)):
        raise Ends("ToolGenError")
    for one in value:
        if not isinstance(one, (int, float)) or isinstance(one, bool) or not abs(one) <= 1.7976931348623157e308:
            raise Ends("ToolGenError")
    return [float(one) for one in value]


def paint(image, boxes, lines):
    """Boxes first, then lines, later ones on top. The position of a box in the list gives it its colour."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for position, box in enumerate(boxes):
        if len(box["bbox_2d"]) != 4:
            continue
        colour = COLOURS[position % len(COLOURS)]
        # The fraction goes after the division, which can end just below a whole pixel.
        x1, y1, x2, y2 = (int(v / side * side) for v, side in zip(box["bbox_2d"], (width, height) * 2))
        (x1, x2), (y1, y2) = sorted((x1, x2)), sorted((y1, y2))
        draw.rectangle(((x1, y1), (x2, y2)), outline=colour, width=STROKE)
        draw.text((x1 + 8, y1 + 6), box["label"], fill=colour)
    for line in lines:
        ends = [
            (int(x) / width * width, int(y) / height * height) for x, y in (line["start_point_2d"], line["end_point_2d"])
        ]
        draw.line((*ends[0], *ends[1]), fill="black", width=STROKE)
        for (x, y), colour in zip(ends, ("red", "blue")):
            draw.ellipse([(x - DOT, y - DOT), (x + DOT, y + DOT)], fill=colour)
