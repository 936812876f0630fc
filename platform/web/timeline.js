// What each block did over time: a strip per block, and DRAM's throughput below. Drawn by hand: a
// chart of a hundred thousand bars is no job for Chart.js.
'use strict';

const stateColours = {busy: 'blue', wait_input: 'orange', wait_weights: 'green', wait_output: 'purple'};
const wordColours = {
    'move data': 'red', 'fetch descriptor': 'dark', 'wait for receiver': 'pale', 'wait for encoder': 'purple',
};
const strip = {label: 150, right: 12, top: 30, row: 22, gap: 4, rate: 64, axis: 42, legend: 22};

function colourOfState(state) {
    return wordColours[state.words] || stateColours[state.state];
}

function timelineHeight() {
    const t = data.timeline;
    return 2 * strip.legend + strip.top + t.blocks.length * (strip.row + strip.gap) + strip.rate + strip.axis + 8;
}

class TimelineDrawing {
    constructor(canvas) {
        this.canvas = canvas;
        this.onMove = event => this.showTip(event);
        this.onLeave = () => { if (this.tip) this.tip.hidden = true; };
        this.onResize = () => this.paint();
        canvas.addEventListener('mousemove', this.onMove);
        canvas.addEventListener('mouseleave', this.onLeave);
        addEventListener('resize', this.onResize);
        this.paint();
    }

    destroy() {
        this.canvas.removeEventListener('mousemove', this.onMove);
        this.canvas.removeEventListener('mouseleave', this.onLeave);
        removeEventListener('resize', this.onResize);
        if (this.tip) this.tip.remove();
    }

    paint() {
        const ratio = pixelRatio();
        const box = this.canvas.parentElement.getBoundingClientRect();
        this.width = box.width;
        this.height = timelineHeight();
        this.canvas.width = this.width * ratio;
        this.canvas.height = this.height * ratio;
        this.canvas.style.width = `${this.width}px`;
        this.canvas.style.height = `${this.height}px`;
        this.context = this.canvas.getContext('2d');
        this.context.scale(ratio, ratio);
        this.context.font = `12px ${Chart.defaults.font.family}`;
        this.context.textBaseline = 'middle';
        this.paintLegend();
        this.paintLayers();
        data.timeline.blocks.forEach((block, i) => this.paintBlock(block, this.rowTop(i)));
        this.paintRate(this.rowTop(data.timeline.blocks.length) + 6);
        this.paintAxis();
    }

    x(us) { return strip.label + us / data.timeline.end_us * (this.width - strip.label - strip.right); }
    rowTop(i) { return 2 * strip.legend + strip.top + i * (strip.row + strip.gap); }
    get bottom() { return this.rowTop(data.timeline.blocks.length) + 6 + strip.rate; }

    /// Between whole pixels, so that neighbours neither overlap nor part.
    column(c, top, height) {
        const ratio = pixelRatio(), width = (this.width - strip.label - strip.right) / data.timeline.columns;
        const pixel = i => Math.round((strip.label + i * width) * ratio) / ratio;
        this.context.fillRect(pixel(c), top, pixel(c + 1) - pixel(c), height);
    }

    text(text, x, y, align, name) {
        this.context.fillStyle = colour(name || 'ink');
        this.context.textAlign = align;
        this.context.fillText(text, x, y);
    }

    paintLegend() {
        const words = new Map();
        for (const block of data.timeline.blocks)
            for (const state of block.states)
                if (!words.has(colourOfState(state)))
                    words.set(colourOfState(state), state.words.replace('weights', 'weights or tables').replace('tables or tables', 'tables'));
        let x = strip.label, y = 10;
        for (const [name, text] of words) {
            const width = this.context.measureText(text).width + 17;
            if (x + width > this.width) {
                x = strip.label;
                y += strip.legend;
            }
            this.context.fillStyle = colour(name);
            this.context.fillRect(x, y - 6, 12, 12);
            this.text(text, x + 17, y, 'left');
            x += width + 18;
        }
    }

    /// Numbers where there is room, and a line at each end.
    paintLayers() {
        const top = this.rowTop(0);
        this.text('layer', strip.label - 10, top - 14, 'right', 'soft');
        let last = -Infinity;
        layers.forEach((layer, i) => {
            const begin = this.x(layer.begin_us), end = this.x(layer.end_us), middle = (begin + end) / 2;
            this.context.fillStyle = colour('rule');
            this.context.fillRect(end - 0.5, top - 22, 1, this.bottom - top + 22);
            const half = this.context.measureText(String(i + 1)).width / 2;
            if (middle - half < last + 3 || end - begin < 3) return;
            this.text(String(i + 1), middle, top - 14, 'center', 'soft');
            last = middle + half;
        });
    }

    paintBlock(block, top) {
        this.text(block.name, strip.label - 10, top + strip.row / 2, 'right');
        this.context.fillStyle = colour('panel');
        this.context.fillRect(strip.label, top, this.width - strip.label - strip.right, strip.row);
        const filled = new Float64Array(data.timeline.columns);
        for (const state of block.states) {
            this.context.fillStyle = colour(colourOfState(state));
            state.percent.forEach((share, c) => {
                if (share === 0) return;
                const height = share / 100 * strip.row;
                this.column(c, top + strip.row - filled[c] - height, height);
                filled[c] += height;
            });
        }
    }

    get fastest() {
        const t = data.timeline;
        return Math.max(data.machine.dram_peak_gbps || 0, ...t.dram_read_gbps.map((v, i) => v + t.dram_written_gbps[i]), 1e-9);
    }

    paintRate(top) {
        const t = data.timeline;
        this.text('DRAM, GB/s', strip.label - 10, top + strip.rate - 8, 'right');
        const peak = data.machine.dram_peak_gbps;
        const scale = strip.rate / this.fastest;
        if (peak !== null) {
            this.text(`peak ${number(peak, 1)}`, strip.label - 10, top + strip.rate - peak * scale + 4, 'right', 'soft');
            this.context.fillStyle = colour('grey');
            this.context.fillRect(strip.label, top + strip.rate - peak * scale, this.width - strip.label - strip.right, 1);
        }
        for (let c = 0; c < t.columns; ++c) {
            const read = t.dram_read_gbps[c] * scale, written = t.dram_written_gbps[c] * scale;
            this.context.fillStyle = colour('red');
            this.column(c, top + strip.rate - read, read);
            this.context.fillStyle = colour('rose');
            this.column(c, top + strip.rate - read - written, written);
        }
    }

    paintAxis() {
        const end = data.timeline.end_us;
        let step = Math.pow(10, Math.floor(Math.log10(end / 4)));
        while (end / step > 14) step *= step / Math.pow(10, Math.floor(Math.log10(step))) === 2 ? 2.5 : 2;
        const isMs = step >= 100;
        for (let us = 0; us <= end; us += step) {
            this.context.fillStyle = colour('grey');
            this.context.fillRect(this.x(us) - 0.5, this.bottom, 1, 5);
            this.text(isMs ? number(us / 1000, step < 1000 ? 1 : 0) : number(us, step < 1 ? 2 : 0), this.x(us), this.bottom + 14, 'center');
        }
        this.text(isMs ? 'time since reset, ms' : 'time since reset, us', (strip.label + this.width) / 2, this.bottom + 32, 'center', 'soft');
    }

    showTip(event) {
        const t = data.timeline, box = this.canvas.getBoundingClientRect();
        const column = Math.floor((event.clientX - box.left - strip.label) / (this.width - strip.label - strip.right) * t.columns);
        const row = Math.floor((event.clientY - box.top - this.rowTop(0)) / (strip.row + strip.gap));
        if (column < 0 || column >= t.columns) return this.onLeave();
        const us = (column + 0.5) / t.columns * t.end_us;
        const layer = layers.findIndex(l => us >= l.begin_us && us < l.end_us);
        const lines = [`${number(us / 1000, 3)} ms` + (layer < 0 ? '' : `, layer ${layer + 1} ${layers[layer].name}`)];
        const block = t.blocks[row];
        if (block)
            lines.push(`${block.name}: ` + (block.states.filter(s => s.percent[column] > 0)
                .map(s => `${s.words} ${s.percent[column]} %`).join(', ') || 'idle'));
        lines.push(`DRAM: read ${number(t.dram_read_gbps[column], 2)}, written ${number(t.dram_written_gbps[column], 2)} GB/s`);
        this.tip = this.tip || add(this.canvas.parentElement, 'div', '', 'tip');
        this.tip.hidden = false;
        this.tip.textContent = lines.join('\n');
        this.tip.style.left = `${Math.min(event.clientX - box.left + 14, this.width - 300)}px`;
        this.tip.style.top = `${event.clientY - box.top + 16}px`;
    }
}

function addTimeline() {
    const t = data.timeline;
    say('timeline', 'From the first layer to the last; what the strips leave empty, the block is idle.');
    document.getElementById('column_us').textContent = short(t.end_us / t.columns);
    addDrawing('timeline_chart', timelineHeight, canvas => new TimelineDrawing(canvas));
}
