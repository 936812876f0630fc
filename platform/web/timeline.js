// What each block did over time: a strip per block, and DRAM's throughput below. Drawn by hand: a
// chart of a hundred thousand bars is no job for Chart.js.
'use strict';

/// By what a state is called, else by what it is.
const stateColours = {
    'move data': 'red', 'fetch descriptor': 'dark', 'wait for receiver': 'pale',
    busy: 'blue', wait_input: 'orange', wait_weights: 'green', wait_output: 'purple',
    'wait for encoder': 'purple',
};
const stateLegend = [
    ['blue', 'busy'], ['orange', 'wait for input'], ['green', 'wait for weights or tables'],
    ['purple', 'wait for output or encoder'], ['red', 'move data'], ['pale', 'wait for receiver'],
    ['dark', 'fetch descriptor'],
];
/// Pixels.
const strips = {
    left: 150, right: 12, legend: 44, layers: 30, row: 26, gap: 4, rateGap: 6, rate: 64, axis: 50,
};

function timelineHeight() {
    return strips.legend + strips.layers + data.timeline.blocks.length * strips.row +
        strips.rateGap + strips.rate + strips.axis;
}

class TimelineDrawing {
    constructor(canvas) {
        this.canvas = canvas;
        this.listeners = [
            [canvas, 'mousemove', event => this.showTip(event)],
            [canvas, 'mouseleave', () => this.hideTip()],
            [window, 'resize', () => this.paint()],
        ];
        for (const [target, event, listener] of this.listeners)
            target.addEventListener(event, listener);
        this.paint();
    }

    destroy() {
        for (const [target, event, listener] of this.listeners)
            target.removeEventListener(event, listener);
        if (this.tip) this.tip.remove();
    }

    paint() {
        const ratio = pixelRatio(), blocks = data.timeline.blocks;
        const width = this.canvas.parentElement.getBoundingClientRect().width;
        const height = timelineHeight();
        this.right = width - strips.right;
        this.canvas.width = width * ratio;
        this.canvas.height = height * ratio;
        this.canvas.style.width = `${width}px`;
        this.canvas.style.height = `${height}px`;
        this.context = this.canvas.getContext('2d');
        this.context.scale(ratio, ratio);
        this.context.font = `12px ${Chart.defaults.font.family}`;
        this.context.textBaseline = 'middle';
        this.firstRow = strips.legend + strips.layers;
        this.bottom = this.firstRow + blocks.length * strips.row + strips.rateGap + strips.rate;
        this.paintLegend();
        this.paintLayers();
        blocks.forEach((block, i) => this.paintBlock(block, this.firstRow + i * strips.row));
        this.paintRate();
        this.paintAxis();
    }

    x(us) {
        return strips.left + us / data.timeline.end_us * (this.right - strips.left);
    }

    text(text, x, y, align, name = 'ink') {
        this.context.fillStyle = colour(name);
        this.context.textAlign = align;
        this.context.fillText(text, x, y);
    }

    rectangle(name, x, y, width, height) {
        this.context.fillStyle = colour(name);
        this.context.fillRect(x, y, width, height);
    }

    /// Between whole pixels, so that neighbours neither overlap nor part.
    column(i, top, height) {
        const ratio = pixelRatio(), width = (this.right - strips.left) / data.timeline.columns;
        const pixel = n => Math.round((strips.left + n * width) * ratio) / ratio;
        this.context.fillRect(pixel(i), top, pixel(i + 1) - pixel(i), height);
    }

    paintLegend() {
        const states = data.timeline.blocks.flatMap(block => block.states);
        const used = new Set(states.map(colourOfState));
        let x = strips.left, y = 10;
        for (const [name, text] of stateLegend.filter(([name]) => used.has(name))) {
            const width = this.context.measureText(text).width + 17;
            if (x + width > this.right) {
                x = strips.left;
                y += strips.legend / 2;
            }
            this.rectangle(name, x, y - 6, 12, 12);
            this.text(text, x + 17, y, 'left');
            x += width + 18;
        }
    }

    /// A line at the end of each; numbers where there is room.
    paintLayers() {
        const y = this.firstRow - 14;
        this.text('layer', strips.left - 10, y, 'right', 'soft');
        let last = -Infinity;
        layers.forEach((layer, i) => {
            const begin = this.x(layer.begin_us), end = this.x(layer.end_us);
            this.rectangle('rule', end - 0.5, y - 8, 1, this.bottom - y + 8);
            const middle = (begin + end) / 2;
            const half = this.context.measureText(String(i + 1)).width / 2;
            if (middle - half < last + 3 || end - begin < 3) return;
            this.text(String(i + 1), middle, y, 'center', 'soft');
            last = middle + half;
        });
    }

    paintBlock(block, top) {
        const height = strips.row - strips.gap;
        this.text(block.name, strips.left - 10, top + height / 2, 'right');
        this.rectangle('panel', strips.left, top, this.right - strips.left, height);
        const filled = new Float64Array(data.timeline.columns);
        for (const state of block.states) {
            this.context.fillStyle = colour(colourOfState(state));
            state.percent.forEach((share, i) => {
                if (share === 0) return;
                filled[i] += share / 100 * height;
                this.column(i, top + height - filled[i], share / 100 * height);
            });
        }
    }

    paintRate() {
        const {dram_read_gbps: read, dram_written_gbps: written} = data.timeline;
        const peak = data.machine.dram_peak_gbps;
        const most = Math.max(peak || 0, ...read.map((r, i) => r + written[i]), 1e-9);
        const scale = strips.rate / most;
        this.text('DRAM, GB/s', strips.left - 10, this.bottom - 8, 'right');
        if (peak !== null) {
            const y = this.bottom - peak * scale;
            this.text(`peak ${number(peak, 1)}`, strips.left - 10, y + 4, 'right', 'soft');
            this.rectangle('grey', strips.left, y, this.right - strips.left, 1);
        }
        this.context.fillStyle = colour('red');
        read.forEach((r, i) => this.column(i, this.bottom - r * scale, r * scale));
        this.context.fillStyle = colour('rose');
        written.forEach((w, i) => this.column(i, this.bottom - (read[i] + w) * scale, w * scale));
    }

    paintAxis() {
        const end = data.timeline.end_us, decade = Math.pow(10, Math.floor(Math.log10(end)) - 1);
        const step = [1, 2, 5, 10].map(n => n * decade).find(s => end / s <= 15);
        const [unit, size] = step >= 100 ? ['ms', 1000] : ['us', 1];
        const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
        for (let i = 0; i * step <= end; ++i) {
            const x = this.x(i * step);
            this.rectangle('grey', x - 0.5, this.bottom, 1, 5);
            this.text(number(i * step / size, digits), x, this.bottom + 14, 'center');
        }
        const middle = (strips.left + this.right) / 2;
        this.text(`time since reset, ${unit}`, middle, this.bottom + 32, 'center', 'soft');
    }

    hideTip() {
        if (this.tip) this.tip.hidden = true;
    }

    showTip(event) {
        const t = data.timeline, box = this.canvas.getBoundingClientRect();
        const x = event.clientX - box.left, y = event.clientY - box.top;
        const column = Math.floor((x - strips.left) / (this.right - strips.left) * t.columns);
        if (column < 0 || column >= t.columns) return this.hideTip();
        const block = t.blocks[Math.floor((y - this.firstRow) / strips.row)];
        this.tip = this.tip || add(this.canvas.parentElement, 'div', '', 'tip');
        this.tip.hidden = false;
        this.tip.textContent = timelineTip(column, block).join('\n');
        const left = Math.min(x + 14, this.right - this.tip.offsetWidth);
        this.tip.style.left = `${Math.max(0, left)}px`;
        this.tip.style.top = `${y + 16}px`;
    }
}

function colourOfState(state) {
    return stateColours[state.words] || stateColours[state.state];
}

function timelineTip(column, block) {
    const t = data.timeline, us = (column + 0.5) / t.columns * t.end_us;
    const i = layers.findIndex(layer => us >= layer.begin_us && us < layer.end_us);
    const states = block ? block.states.filter(state => state.percent[column] > 0) : [];
    const shares = states.map(state => `${state.words} ${state.percent[column]} %`).join(', ');
    return [
        `${number(us / 1000, 3)} ms` + (i < 0 ? '' : `, layer ${i + 1} ${layers[i].name}`),
        ...(block ? [`${block.name}: ${shares || 'idle'}`] : []),
        `DRAM: read ${number(t.dram_read_gbps[column], 2)}, ` +
            `written ${number(t.dram_written_gbps[column], 2)} GB/s`,
    ];
}

function addTimeline() {
    say('timeline', 'From reset to the end; where a strip is empty, the block is idle.');
    document.getElementById('column_us').textContent =
        short(data.timeline.end_us / data.timeline.columns);
    addDrawing('timeline_chart', timelineHeight, canvas => new TimelineDrawing(canvas));
}
