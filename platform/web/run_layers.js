// The charts with a row per layer, and the table of the same figures.
'use strict';

const layers = data.run.layers || [];
const layerNames = layers.map((layer, i) => `${i + 1}  ${layer.name}`);

/// "for 4 images"; nothing of one.
function forImages() {
    return data.run.images === 1 ? '' : ` for ${data.run.images} images`;
}

/// parts: [key, label, colour]; one series of stackedBars each, but for those that are 0
/// everywhere.
function seriesOf(parts, rows, scale) {
    return parts
        .map(([key, label, of]) =>
            ({label, colour: of, values: rows.map(row => (row[key] || 0) * scale)}))
        .filter(series => series.values.some(value => value > 0));
}

const cycleParts = [
    ['compute', 'compute', 'blue'], ['input', 'input', 'orange'], ['weights', 'weights', 'green'],
    ['encoder', 'encoder', 'purple'], ['dram', 'DRAM', 'red'], ['control', 'control', 'dark'],
];

function addCycles() {
    const cycles = data.run.total.cycles;
    const words = {
        compute: 'The array computes', input: 'waits for input', weights: 'for weights',
        encoder: 'for the encoder', dram: 'for DRAM', control: 'has no job',
    };
    const shares = cycleParts.map(([key]) => `${words[key]} ${percent(cycles[key], cycles.total)}`);
    say('cycles', `${shares.join(', ')} of the time.`);
    addChart('cycles_chart', barsHeight(layers.length), () => stackedBars({
        rows: layerNames, series: seriesOf(cycleParts, layers.map(l => l.cycles), 1e-3),
        axis: 'thousand clocks of the array', unit: 'thousand clocks', digits: 1,
    }));
}

const trafficParts = [
    ['maps_read', 'maps read', 'sky'], ['maps_written', 'maps written', 'blue'],
    ['other_maps', 'other maps', 'yellow'], ['tables', 'tables', 'orange'],
    ['tile_table', 'tile table', 'purple'], ['weights', 'weights', 'green'],
    ['other', 'other', 'dark'],
];

function addTraffic() {
    const total = data.run.total.dram_bytes;
    const maps = total.maps_read + total.maps_written + total.tile_table;
    say('traffic', `${bytes(total.total)}${forImages()}: ` +
        `weights ${percent(total.weights, total.total)}, ` +
        `maps ${percent(maps, total.total)}, tables ${percent(total.tables, total.total)}.`);
    addChart('traffic_chart', barsHeight(layers.length), () => stackedBars({
        rows: layerNames, series: seriesOf(trafficParts, layers.map(l => l.dram_bytes), 1 / 1024),
        axis: 'DRAM traffic, KiB', unit: 'KiB', digits: 1,
    }));
}

/// Rates as marks on one line per map; those of maps that count, or of all where none does.
function addRates() {
    const counted = layers.map((layer, i) => ({layer, i})).filter(({layer}) => layer.values > 0);
    const some = counted.some(({layer}) => layer.counted);
    const shown = counted.filter(({layer}) => layer.counted || !some);
    const average = data.run.total.bits_per_value;
    const left = counted.length - shown.length;
    say('rates', `On average ${number(average.dram_bursts, 2)} bits in DRAM, ` +
        `${number(average.entropy, 2)} by entropy, over the ${shown.length} maps shown` +
        (left ? `; ${left} more are in the table.` : '.'));
    const rates = key => shown.map(({layer}) => layer.bits_per_value[key]);
    addChart('rates_chart', barsHeight(shown.length), () => ratesChart(shown, rates));
}

function ratesChart(shown, rates) {
    const marks = (label, key, name, pointStyle) => ({
        type: 'line', label, data: rates(key), showLine: false, pointStyle, pointRadius: 5,
        pointHoverRadius: 6, borderWidth: 2, borderColor: colour(name),
        backgroundColor: colour(name),
    });
    const chart = stackedBars({
        rows: shown.map(({layer, i}) => `${i + 1}  ${layer.tensor}  \u00b7  ${layer.codec}`),
        series: [], axis: 'bits per value', unit: 'bits per value', digits: 3,
    });
    const bars = {
        label: 'DRAM bursts', data: rates('dram_bursts'), backgroundColor: colour('sky'),
        barPercentage: 0.7,
    };
    chart.data.datasets = [
        marks('entropy', 'entropy', 'dark', 'line'), marks('code', 'code_bits', 'red', 'crossRot'),
        marks('stream words', 'stream_words', 'purple', 'rect'), bars];
    Object.assign(chart.data.datasets[0], {rotation: 90, pointRadius: 8});
    Object.assign(chart.data.datasets[2], {backgroundColor: 'transparent', pointRadius: 4});
    chart.options.scales.x.stacked = chart.options.scales.y.stacked = false;
    chart.options.scales.x.min = 0;
    chart.options.scales.x.suggestedMax = 8;
    chart.options.plugins.legend = {labels: {usePointStyle: true, boxHeight: 7}};
    delete chart.options.plugins.tooltip.callbacks.footer;
    return chart;
}

const energyParts = [
    ['read_uj', 'DRAM read', 'red'], ['write_uj', 'DRAM write', 'rose'],
    ['activate_uj', 'DRAM activate', 'dark'], ['precharge_uj', 'DRAM precharge', 'pale'],
    ['background_uj', 'DRAM background', 'yellow'], ['refresh_uj', 'DRAM refresh', 'sky'],
    ['multiply_uj', 'multiply', 'blue'], ['encode_uj', 'encode', 'purple'],
    ['decode_uj', 'decode', 'orange'],
];

function addEnergy() {
    const energy = data.energy, rows = [...energy.layers, energy.no_layer];
    const mj = isWanted => {
        const keys = energyParts.filter(([, label]) => isWanted(label)).map(([key]) => key);
        const sum = rows.flatMap(row => keys.map(key => row[key] || 0)).reduce((a, b) => a + b, 0);
        return `${short(sum / 1000)} mJ`;
    };
    say('energy', `DRAM ${mj(label => label.startsWith('DRAM'))}, ` +
        `multiplications ${mj(label => label === 'multiply')}, ` +
        `coding ${mj(label => label.endsWith('code'))}${forImages()}.`);
    document.getElementById('process').textContent = energy.process;
    const names = [...layerNames, 'no layer'];
    addChart('energy_chart', barsHeight(names.length + 1), () => stackedBars({
        rows: names, series: seriesOf(energyParts, rows, 1), axis: 'energy, uJ', unit: 'uJ',
        digits: 2,
    }));
}

function fillLayers() {
    const clocks = key => ({cycles}) => (cycles[key] ? percent(cycles[key], cycles.total) : '-');
    const rate = key => row => (row.values ? number(row.bits_per_value[key], 3) : '-');
    const columns = [
        {name: '', text: true, value: row => String(layers.indexOf(row) + 1 || '')},
        {name: 'layer', text: true, value: row => row.name},
        {name: 'stored map', text: true, value: row => (row.shape[0] ? row.shape.join(' x ') : '')},
        {name: 'codec', text: true, value: row => row.codec},
        {name: 'million MAC', value: row => number(row.multiplications / 1e6, 1)},
        {name: 'clocks', value: row => number(row.cycles.total, 0)},
        {name: 'multipliers used', value: multipliersUsed},
        ...cycleParts.map(([key, label]) => ({name: label, value: clocks(key)})),
        {name: 'DRAM KiB', value: row => number(row.dram_bytes.total / 1024, 1)},
        {name: 'entropy', value: rate('entropy')},
        {name: 'bits in DRAM', value: rate('dram_bursts')},
        {name: 'DRAM uJ', value: row => number(row.dram_energy_datasheet_uj, 1)},
    ];
    // More than a page of paper.
    document.getElementById('layers').classList.toggle('long', layers.length > 40);
    const rows = [...layers, data.run.total];
    const used = columns.filter(column => rows.some(row => column.value(row) !== '-'));
    fillTable(document.getElementById('layers_table'), used, rows, row => row.name === 'total');
}
