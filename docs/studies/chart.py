"""Charts as SVG, legible on light and dark ground, without any library."""
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 56
COLOURS = ["#888888", "#2f7fd0", "#d9822b", "#3a9d5d", "#c4504d", "#8a63b8"]
DASHES = ["", "6 3", "2 3", "8 3 2 3"]
STYLE = """<style>
text { font: 12px sans-serif; fill: #333 } .title { font-size: 14px; font-weight: bold }
.grid { stroke: #8884; stroke-width: 1 } .axis { stroke: #888; stroke-width: 1 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
</style>
"""


def _steps(low, high):
    """Round values that cover low to high."""
    size = 10.0 ** len(str(int(max(high - low, 1e-9))))
    while size > (high - low) / 4:
        size /= 2 if str(size).lstrip("0.")[0] in "12" else 2.5
    first = int(low // size)
    steps = [first * size]
    while steps[-1] < high - 1e-9 * size:
        steps.append(steps[-1] + size)
    return steps


def _text(x, y, text, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(text)}</text>\n'


def _frame(title, body, height=HEIGHT):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'role="img" aria-label="{escape(title)}">\n{STYLE}'
            + _text(LEFT, 22, title, extra=' class="title"') + body + "</svg>\n")


def _number(value):
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _spread(places, gap=15):
    """Heights of labels near `places` that do not cover each other."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    heights, last = [0.0] * len(places), -gap
    for i in order:
        last = heights[i] = max(places[i], last + gap)
    return heights


def line_chart(title, x_title, y_title, series, x_ticks=None, x_place=lambda x: x, y_range=None):
    """series: (name, points); x_place: where a value lies, as its logarithm; y_range: to show."""
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points]
    y_steps = _steps(*(y_range or (min(0, *ys), max(ys))))
    x_steps = x_ticks or _steps(min(0, *xs), max(xs))
    x_low, x_high = x_place(min(x_steps[0], *xs)), x_place(max(x_steps[-1], *xs))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x_at(x):
        return LEFT + (right - LEFT) * (x_place(x) - x_low) / (x_high - x_low)

    def y_at(y):
        return bottom - (bottom - TOP) * (y - y_steps[0]) / (y_steps[-1] - y_steps[0])

    body = ""
    for y in y_steps:
        body += f'<path class="grid" d="M{LEFT} {y_at(y):.1f}H{right}"/>\n'
        body += _text(LEFT - 8, y_at(y) + 4, _number(y), "end")
    for x in x_steps:
        body += f'<path class="axis" d="M{x_at(x):.1f} {bottom}v5"/>\n'
        body += _text(x_at(x), bottom + 19, _number(x), "middle")
    body += f'<path class="axis" d="M{LEFT} {bottom}H{right}"/>\n'
    body += _text((LEFT + right) / 2, HEIGHT - 14, x_title, "middle")
    body += _text(18, (TOP + bottom) / 2, y_title, "middle",
                  f' transform="rotate(-90 18 {(TOP + bottom) / 2:.0f})"')
    body += f'<clipPath id="plot"><path d="M{LEFT} {TOP - 6}H{right + 6}V{bottom + 4}H{LEFT}z"/></clipPath>\n'
    labels = _spread([min(max(y_at(points[-1][1]), TOP), bottom) for _, points in series])
    for i, (name, points) in enumerate(series):
        colour, dash = COLOURS[i % len(COLOURS)], DASHES[i // len(COLOURS)]
        path = "L".join(f"{x_at(x):.1f} {y_at(y):.1f}" for x, y in points)
        body += '<g clip-path="url(#plot)">'
        body += f'<path class="line" stroke="{colour}" stroke-dasharray="{dash}" d="M{path}"/>\n'
        for x, y in points:
            body += f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3" fill="{colour}"/>'
        body += "</g>\n"
        body += f'<path class="line" stroke="{colour}" d="M{right + 12} {labels[i]:.1f}h14"/>\n'
        body += _text(right + 32, labels[i] + 4, name)
    return _frame(title, body)


def stacked_bars(title, x_title, parts, bars):
    """bars: (name, one value for each of `parts`), across the page."""
    left, right = 210, WIDTH - 30
    height = TOP + 26 * len(bars) + BOTTOM + 26
    bottom = height - BOTTOM - 26
    steps = _steps(0, max(sum(values) for _, values in bars))
    body = ""
    for x in steps:
        at = left + (right - left) * x / steps[-1]
        body += f'<path class="grid" d="M{at:.1f} {TOP}V{bottom}"/>\n'
        body += _text(at, bottom + 17, _number(x), "middle")
    body += _text((left + right) / 2, bottom + 36, x_title, "middle")
    for n, (name, values) in enumerate(bars):
        y, start = TOP + 26 * n + 4, 0.0
        body += _text(left - 8, y + 14, name, "end")
        for i, value in enumerate(values):
            x, w = (left + (right - left) * v / steps[-1] for v in (start, value))
            body += (f'<rect x="{x:.1f}" y="{y}" width="{w - left:.1f}" height="18" '
                     f'fill="{COLOURS[i]}"/>\n')
            start += value
    for i, part in enumerate(parts):
        x = left + 150 * i
        body += f'<rect x="{x}" y="{height - 24}" width="12" height="12" fill="{COLOURS[i]}"/>\n'
        body += _text(x + 18, height - 14, part)
    return _frame(title, body, height)
