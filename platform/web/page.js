// What all pages share: the data, texts and numbers, colours, charts that follow the theme and the
// printer.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);

/// Adds an element with a text (never markup) to a parent.
function add(parent, tag, text, classes) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (classes) element.className = classes;
    parent.appendChild(element);
    return element;
}

/// The first text of a section, which says what its chart shows.
function say(section, text) {
    document.querySelector(`#${section} .lede`).textContent = text;
}

function number(value, digits) {
    return value.toLocaleString('en-US',
        {minimumFractionDigits: digits, maximumFractionDigits: digits});
}

/// Three significant digits, or all of an integer's.
function short(value) {
    if (value === 0) return '0';
    const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
    return number(value, Math.min(digits, 6));
}

function percent(part, whole) {
    return whole > 0 ? `${number(100 * part / whole, 1)} %` : '-';
}

function bytes(n) {
    return n < 10 * 1024 ? `${number(n, 0)} B`
        : n < 1024 * 1024 ? `${number(n / 1024, 1)} KiB` : `${number(n / 1024 / 1024, 2)} MiB`;
}

/// A colour of page.css, by its name without dashes.
function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/// A table: columns are {name, value(row) -> text, text: flush left}.
function fillTable(table, columns, rows, isTotal) {
    const head = add(add(table, 'thead'), 'tr');
    for (const column of columns) add(head, 'th', column.name, column.text ? 'text' : '');
    const body = add(table, 'tbody');
    for (const row of rows) {
        const line = add(body, 'tr', undefined, isTotal && isTotal(row) ? 'total' : '');
        for (const column of columns)
            add(line, 'td', column.value(row), column.text ? 'text' : '');
    }
}

// ---- Charts ---------------------------------------------------------------------------------

/// Drawings by the id of their canvas, each a function that draws anew and returns what to destroy.
const drawings = new Map();
const drawn = new Map();

function draw(id) {
    if (drawn.has(id)) drawn.get(id).destroy();
    const canvas = document.getElementById(id), {height, make} = drawings.get(id);
    canvas.parentElement.style.height = `${height()}px`;
    drawn.set(id, make(canvas));
}

/// height: a function, as paper has less room than a screen.
function addDrawing(id, height, make) {
    const canvas = document.getElementById(id);
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', canvas.closest('section').querySelector('h2').textContent);
    drawings.set(id, {height, make});
    draw(id);
}

/// A chart of Chart.js; `configure` is called whenever it is drawn, so that it takes the colours
/// and sizes of the moment.
function addChart(id, height, configure) {
    addDrawing(id, height, canvas => {
        Chart.defaults.font.size = isPrinting() ? 10.5 : 12;
        Chart.defaults.color = colour('ink');
        Chart.defaults.borderColor = colour('grid');
        return new Chart(canvas, configure());
    });
}

Chart.defaults.font.family = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
Chart.defaults.animation = false;
Chart.defaults.devicePixelRatio = () => pixelRatio();
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.plugins.legend.position = 'top';
Chart.defaults.plugins.legend.align = 'start';
Object.assign(Chart.defaults.plugins.legend.labels, {boxWidth: 12, boxHeight: 12, padding: 10});
Chart.defaults.plugins.tooltip.boxPadding = 4;

function isPrinting() {
    return document.documentElement.classList.contains('printing');
}

/// Printers have more pixels than screens.
function pixelRatio() {
    return isPrinting() ? 2.5 : Math.max(devicePixelRatio, 1);
}

function axisTitle(text) {
    return {display: true, text, color: colour('soft')};
}

/// Bars to the right, a row each, stacked: the form of every chart by layer.
/// series: {label, colour, values}; unit: behind the numbers of the tooltip.
function stackedBars({rows, series, axis, unit, max, digits = 0}) {
    const text = value => `${number(value, digits)} ${unit}`;
    return {
        type: 'bar',
        data: {
            labels: rows,
            datasets: series.map(s => ({
                label: s.label, data: s.values, backgroundColor: colour(s.colour),
                barPercentage: 0.86, categoryPercentage: 0.92,
            })),
        },
        options: {
            indexAxis: 'y',
            interaction: {mode: 'index', axis: 'y', intersect: false},
            scales: {
                x: {
                    stacked: true, max, title: axisTitle(axis), ticks: {maxRotation: 0},
                    grid: {drawBorder: false},
                },
                y: {stacked: true, grid: {display: false}, ticks: {autoSkip: false}},
            },
            plugins: {
                tooltip: {
                    filter: item => item.raw !== 0,
                    callbacks: {
                        label: item => `${item.dataset.label}: ${text(item.raw)}`,
                        footer: items => `sum: ${text(items.reduce((sum, i) => sum + i.raw, 0))}`,
                    },
                },
            },
        },
    };
}

/// Two charts of ResNet-18 on a page of A4.
function barsHeight(rows) {
    return () => (isPrinting() ? 15 : 21) * rows + 92;
}

function redrawAll() {
    for (const id of drawings.keys()) draw(id);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printing');
    redrawAll();
});
addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    redrawAll();
});
