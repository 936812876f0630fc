// The head of a run's page: what ran on what, the few figures that matter, how it ended.
'use strict';

function architecture() {
    const m = data.machine;
    return `array ${m.reduction_lanes} x ${m.output_lanes} at ${short(m.clock_mhz)} MHz`;
}

function memoryName() {
    const m = data.machine;
    return m.dram_peak_gbps === null
        ? 'ideal DRAM' : `${m.dram_device}, ${number(m.dram_peak_gbps, 1)} GB/s peak`;
}

function fillTitle() {
    const run = data.run;
    const name = run.network === 'default' ? 'ResNet-18 (built in)' : run.network;
    document.title = `${name}, ${run.codec} - Karhunen`;
    document.getElementById('title').textContent = name;
    document.getElementById('subtitle').textContent = [
        `codec ${run.codec}`,
        run.images === 1 ? 'batch of 1 image' : `batch of ${run.images} images`,
        architecture(), memoryName(), data.estimate.device.title,
    ].join('  \u00b7  ');
}

function addTile(label, value, detail, classes) {
    const tile = add(document.getElementById('tiles'), 'div', undefined, 'tile');
    add(tile, 'div', label, 'label');
    add(tile, 'div', value, `value ${classes || ''}`);
    add(tile, 'div', detail, 'detail');
}

/// Unknown of a layer that was not finished.
function multipliersUsed(layer) {
    return percent(layer.array_utilisation, layer.array_utilisation > 0 ? 1 : 0);
}

/// Bytes of maps with tile table, and of the tables for them.
function mapBytes(layer) {
    const b = layer.dram_bytes;
    return b.maps_read + b.maps_written + b.tile_table;
}

function fillTiles() {
    const run = data.run, total = run.total, images = run.images;
    const maps = mapBytes(total), withTables = maps + total.dram_bytes.tables;
    addTile('Frames per second', run.frames_per_second ? number(run.frames_per_second, 1) : '-',
        `${number(run.latency_ms, 2)} ms for ${images === 1 ? 'the image' : `${images} images`}`);
    addTile('DRAM per image', bytes(total.dram_bytes.total / images),
        `${percent(total.dram_bytes.weights, total.dram_bytes.total)} of it weights`);
    addTile('Maps in DRAM', percent(maps, run.raw_map_bytes),
        `of 8 bits a value; ${percent(withTables, run.raw_map_bytes)} with tables`);
    addTile('Bits per value', number(total.bits_per_value.dram_bursts, 2),
        `entropy ${number(total.bits_per_value.entropy, 2)}`);
    addTile('Array computes', percent(total.cycles.compute, total.cycles.total),
        `of the time; multipliers used ${multipliersUsed(total)}`);
    addTile('Energy of DRAM', `${short(total.dram_energy_datasheet_uj / 1000 / images)} mJ`,
        'per image, by its data sheet');
    const device = data.estimate.device;
    if (device.share_percent) {
        const share = Object.entries(device.share_percent).sort((a, b) => b[1] - a[1])[0];
        addTile('On the device', device.fits ? 'fits' : 'does not fit',
            `${number(share[1], 0)} % of ${unitOf(share[0])}, its scarcest`,
            device.fits ? 'good' : 'bad');
    } else {
        addTile('Logic', `${number(data.estimate.total.kge / 1000, 2)} MGE`, device.title);
    }
}

function unitOf(kind) {
    const device = data.estimate.device;
    return {logic: device.logic_unit, dsp: 'DSP', ram_blocks: device.ram_unit}[kind];
}

function showFault() {
    const run = data.run, difference = run.check.first_difference, texts = [];
    if (run.fault) texts.push(`The run stopped early: ${run.fault}`);
    if (difference) texts.push(`Not equal to the golden reference: ${difference}`);
    if (!run.layers) texts.push('No band was stored, so nothing was measured.');
    const alert = document.getElementById('fault');
    alert.hidden = texts.length === 0;
    alert.textContent = texts.join('\n');
}

function machineRows() {
    const run = data.run, m = data.machine;
    const guesses = (run.top || []).map((top, i) => (top.length === 0 ? '' :
        `${run.shown ? `shows ${run.shown[i]}: ` : ''}` +
        `${top[0].name || `class ${top[0].class}`} (${number(top[0].logit, 2)})`));
    return [
        ['network', run.network], ['pictures', run.image], ['codec', run.codec],
        ['images', String(run.images)],
        ['best class of each image', guesses.join('; ') || '-'],
        ['compared with the golden reference', !run.check.done ? 'no (--check)'
            : run.check.first_difference ? 'different'
                : `all ${number(run.check.bands, 0)} bands equal`],
        ['compute array', `${m.reduction_lanes} products into a sum, ` +
            `${m.output_lanes} sums at once, ${short(m.clock_mhz)} MHz`],
        ['buffers', `weights ${m.weight_kib} KiB, input ${m.activation_kib}, ` +
            `output ${m.output_kib}, residual ${m.residual_kib}, codec tables ${m.table_kib} each`],
        ['codec units', `${m.streams} streams; PCA with ${m.transform_multipliers} multipliers`],
        ['DRAM', m.dram_peak_gbps === null ? 'ideal: no waiting'
            : `${m.dram_device}, ${short(m.dram_clock_mhz)} MHz, ` +
                `${number(m.dram_peak_gbps, 2)} GB/s peak`],
        ['CPU', `${short(m.cpu_mhz)} MHz`],
        ['simulated time, boot included', `${number(run.simulated_ms, 3)} ms`],
        ['device', data.estimate.device.title],
    ];
}

function fillMachine() {
    const table = document.getElementById('machine_table');
    const body = add(table, 'tbody');
    for (const [name, value] of machineRows()) {
        const line = add(body, 'tr');
        add(line, 'th', name, 'text');
        add(line, 'td', value, 'text').style.whiteSpace = 'normal';
    }
}
