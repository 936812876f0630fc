// Attainable and attained multiplications per second against multiplications per byte of DRAM.
'use strict';

/// Of layers with multiplications and traffic.
function rooflinePoints() {
    const hz = data.run.clock_mhz * 1e6;
    return layers
        .map((layer, i) => ({
            index: i + 1, name: layer.name,
            x: layer.multiplications / layer.dram_bytes.total,
            y: layer.multiplications * hz / layer.cycles.total / 1e9,
        }))
        .filter(({x, y}) => Number.isFinite(x) && Number.isFinite(y) && x > 0 && y > 0);
}

/// Writes the points' numbers where they cover neither each other nor a point.
const numberLabels = {
    id: 'numberLabels',
    afterDatasetsDraw(chart) {
        const set = chart.data.datasets.findIndex(dataset => dataset.numbered);
        const points = chart.getDatasetMeta(set).data, context = chart.ctx, taken = [];
        for (const p of points) taken.push({x: p.x - 5, y: p.y - 5, width: 10, height: 10});
        context.save();
        context.font = `11px ${Chart.defaults.font.family}`;
        context.fillStyle = colour('ink');
        context.textBaseline = 'middle';
        context.textAlign = 'center';
        points.forEach((point, i) => {
            const text = String(chart.data.datasets[set].data[i].index);
            const width = context.measureText(text).width + 2;
            const box = freeBox(point, width, 12, taken, chart.chartArea);
            taken.push(box);
            const x = box.x + box.width / 2, y = box.y + box.height / 2;
            if (Math.hypot(x - point.x, y - point.y) > 16) {
                context.strokeStyle = colour('grey');
                context.beginPath();
                context.moveTo(point.x, point.y);
                context.lineTo(x, y + (y < point.y ? 6 : -6));
                context.stroke();
            }
            context.fillText(text, x, y);
        });
        context.restore();
    },
};

/// The nearest of the places around a point that is free; the nearest where none is.
function freeBox(point, width, height, taken, area) {
    let first;
    for (let distance = 11; distance < 60; distance += 6)
        for (let step = 0; step < 16; ++step) {
            const angle = (step % 2 ? -1 : 1) * Math.ceil(step / 2) * Math.PI / 8 - Math.PI / 2;
            const box = {
                x: point.x + distance * 1.1 * Math.cos(angle) - width / 2,
                y: point.y + distance * Math.sin(angle) - height / 2, width, height,
            };
            first = first || box;
            const isInside = box.x > area.left && box.x + width < area.right && box.y > area.top &&
                box.y + height < area.bottom;
            const isFree = taken.every(t => box.x + width < t.x || t.x + t.width < box.x ||
                box.y + height < t.y || t.y + t.height < box.y);
            if (isInside && isFree) return box;
        }
    return first;
}

function addRoofline() {
    const m = data.machine, points = rooflinePoints();
    const peak = m.reduction_lanes * m.output_lanes * m.clock_mhz * 1e6 / 1e9;  // G MAC/s
    const slope = m.dram_peak_gbps;  // G MAC/s for each MAC per byte
    const held = slope === null ? 0 : points.filter(p => p.x * slope < peak).length;
    say('roofline', `The array peaks at ${short(peak)} GMAC/s, ` + (slope === null
        ? 'whatever the traffic.'
        : `from ${short(peak / slope)} MAC per byte on; ${held} of ${points.length} layers ` +
            'have fewer.'));
    const low = Math.min(...points.map(p => p.x), slope === null ? Infinity : peak / slope) / 2;
    const high = Math.max(...points.map(p => p.x), slope === null ? 0 : peak / slope) * 2;
    const roof = slope === null ? [{x: low, y: peak}, {x: high, y: peak}]
        : [{x: low, y: low * slope}, {x: peak / slope, y: peak}, {x: high, y: peak}];
    const floor = Math.min(...points.map(p => p.y), roof[0].y) / 1.5;
    addChart('roofline_chart', () => (isPrinting() ? 330 : 400), () => ({
        type: 'scatter',
        data: {
            datasets: [
                {
                    label: 'layers', data: points, numbered: true, pointRadius: 4.5,
                    pointHoverRadius: 6, backgroundColor: colour('blue'),
                },
                {
                    label: 'roof: DRAM pins and array', data: roof, showLine: true,
                    pointRadius: 0, pointHitRadius: 0, borderColor: colour('red'), borderWidth: 2,
                },
            ],
        },
        options: {
            scales: {
                x: logarithmic('MAC per byte over the DRAM pins', low, high),
                y: logarithmic('GMAC/s', floor, peak * 1.6),
            },
            plugins: {tooltip: {callbacks: {
                label: ({raw: {index, name, x, y}}) =>
                    `${index}  ${name}: ${short(y)} GMAC/s at ${short(x)} MAC per byte`,
            }}},
        },
        plugins: [numberLabels],
    }));
}

/// Ticks at 1, 2 and 5.
function logarithmic(title, min, max) {
    return {
        type: 'logarithmic', min, max, title: axisTitle(title),
        afterBuildTicks: axis => {
            axis.ticks = axis.ticks.filter(({value}) => /^[125]/.test(value.toExponential(0)) &&
                Math.abs(Number(value.toExponential(0)) / value - 1) < 1e-9);
        },
        ticks: {callback: value => String(value), autoSkip: false, maxRotation: 0},
    };
}
