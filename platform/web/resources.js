// Logic, DSP and memory, block by block, against what the device has.
'use strict';

const blockColours = {
    'compute array': 'blue', 'post-processing': 'sky', 'buffer': 'green', 'encoder': 'purple',
    'input decoder': 'orange', 'residual decoder': 'yellow', 'DMA': 'red',
    'DRAM controller': 'dark',
};

/// [{block, <kind>: sum over its parts}] in the order of the estimate.
function sumsByBlock(kinds) {
    const sums = new Map();
    for (const part of data.estimate.blocks) {
        if (!sums.has(part.block))
            sums.set(part.block, Object.fromEntries(kinds.map(kind => [kind, 0])));
        for (const kind of kinds) sums.get(part.block)[kind] += part[kind] || 0;
    }
    return sums;
}

function addResources() {
    const device = data.estimate.device;
    if (device.share_percent) addShares(device);
    else addGates(device);
    fillDevices();
}

function addShares(device) {
    const kinds = ['logic', 'dsp', 'ram_blocks'];
    const sums = sumsByBlock(kinds);
    const takes = kind => `${number(data.estimate.total[kind], 0)} of ` +
        `${number(device.has[kind], 0)} ${unitOf(kind)}`;
    const lacking = kinds.filter(kind => device.share_percent[kind] > 100);
    say('resources', device.fits ? `It fits ${device.title}.`
        : `It does not fit ${device.title}: ${lacking.map(takes).join(', ')}.`);
    const rows = kinds.map(kind => `${unitOf(kind)}  ${number(device.share_percent[kind], 1)} %`);
    addChart('resources_chart', () => 230, () => {
        const chart = stackedBars({
            rows, axis: `% of ${device.title}`, unit: '%', digits: 2,
            series: [...sums].map(([block, sum]) => ({
                label: block, colour: blockColours[block] || 'dark',
                values: kinds.map(kind => 100 * sum[kind] / device.has[kind]),
            })),
        });
        chart.plugins = [fullLine];
        return chart;
    });
}

/// Where the device is used up.
const fullLine = {
    id: 'fullLine',
    afterDatasetsDraw(chart) {
        const x = chart.scales.x.getPixelForValue(100), area = chart.chartArea;
        if (x > area.right + 1) return;
        chart.ctx.save();
        chart.ctx.strokeStyle = colour('bad');
        chart.ctx.lineWidth = 2;
        chart.ctx.setLineDash([6, 4]);
        chart.ctx.beginPath();
        chart.ctx.moveTo(x, area.top);
        chart.ctx.lineTo(x, area.bottom);
        chart.ctx.stroke();
        chart.ctx.restore();
    },
};

function addGates(device) {
    const sums = sumsByBlock(['kge']);
    say('resources', `${number(data.estimate.total.kge, 0)} thousand gate equivalents in ` +
        `${device.title}, and ${number(data.estimate.total.memory_bits / 1024 / 1024, 1)} Mbit ` +
        'of memory.');
    addChart('resources_chart', () => 170, () => stackedBars({
        rows: ['gates'], axis: 'kGE', unit: 'kGE',
        series: [...sums].map(([block, sum]) => ({
            label: block, colour: blockColours[block] || 'dark', values: [sum.kge],
        })),
    }));
}

function fillDevices() {
    const share = kind => row =>
        (row.share_percent ? `${number(row.share_percent[kind], 1)} %` : '-');
    const verdict = row => (!row.share_percent ? '' : row.fits ? 'fits' : 'does not fit');
    fillTable(document.getElementById('devices'), [
        {name: 'the same on', text: true, value: row => row.title},
        {name: '', text: true, value: verdict},
        {name: 'logic', value: share('logic')},
        {name: 'DSP', value: share('dsp')},
        {name: 'RAM blocks', value: share('ram_blocks')},
        {name: 'kGE', value: row => (row.total.kge === null ? '-' : number(row.total.kge, 0))},
    ], data.estimate.devices);
}
