// Two results of each point against each other, coloured by a parameter, with the Pareto front.
'use strict';

const categories = ['blue', 'orange', 'green', 'purple', 'red', 'sky', 'dark', 'yellow'];
const mostGroups = 10;

function mixed(from, to, share) {
    const parts = name => colour(name).match(/[0-9a-f]{2}/gi).map(hex => parseInt(hex, 16));
    const other = parts(to);
    const sum = parts(from).map((value, i) => Math.round(value + share * (other[i] - value)));
    return `rgb(${sum.join(', ')})`;
}

/// A colour each for few values; for more a scale, in order.
function colourOfGroup(i, count) {
    if (count <= categories.length) return colour(categories[i]);
    const place = 2 * i / (count - 1);
    return place < 1 ? mixed('blue', 'green', place) : mixed('green', 'yellow', place - 1);
}

/// [{label, values: texts}]: what the legend tells apart; neighbours together where there are many.
function groupsOf(key) {
    if (!key) return [{label: 'points', values: null}];
    const values = valuesOf(key);
    const size = Math.ceil(values.length / mostGroups), groups = [];
    for (let i = 0; i < values.length; i += size) {
        const part = values.slice(i, i + size);
        groups.push({
            label: part.length === 1 ? String(part[0]) : `${part[0]} to ${part[part.length - 1]}`,
            values: new Set(part.map(String)),
        });
    }
    return groups;
}

function scatterSets(view) {
    const groups = groupsOf(view.colourKey);
    const {x, y} = view.axes;
    const place = point => ({x: resultOf(point, x.key), y: resultOf(point, y.key), point});
    const isMany = view.shown.length > 1500, ink = colour('ink');
    const line = {
        label: 'Pareto front', data: view.front.map(place), showLine: true, pointRadius: 0,
        pointHitRadius: 0, order: 1, borderColor: colour('ink'), borderWidth: 2,
        stepped: x.better === 'higher' ? 'after' : 'before',
    };
    return [line, ...groups.map((group, i) => {
        const isMember = p => group.values.has(String(parameterOf(p, view.colourKey)));
        const members = group.values ? view.shown.filter(isMember) : view.shown;
        const fill = colourOfGroup(i, groups.length);
        return {
            label: group.label, data: members.map(place), order: 2, parsing: false,
            backgroundColor: fill,
            pointStyle: members.map(p => (!p.isAllowed ? 'crossRot' : 'circle')),
            pointRadius: members.map(p => (p.front ? 4.5 : isMany ? 2 : 3.5)),
            pointHoverRadius: 7,
            pointBorderWidth: members.map(p => (p.front ? 1.5 : 1)),
            pointBorderColor: members.map(p => (p.front && p.isAllowed ? ink : fill)),
        };
    })];
}

/// All of a point, a line each.
function describe(point) {
    const text = value => (Number.isFinite(value) ? short(value) : '-');
    return [point.name,
        ...Object.entries(point.parameters).map(([key, v]) => `${key}: ${v}`),
        ...Object.entries(point.results || {}).map(([key, v]) => `${words(key)}: ${text(v)}`),
        ...(point.isAllowed ? [] : [`violates ${point.violates.join(', ')}`])].join('\n');
}

function showPointTip({chart, tooltip}) {
    const parent = chart.canvas.parentElement;
    const tip = parent.querySelector('.tip') || add(parent, 'div', '', 'tip');
    const item = tooltip.opacity > 0 && tooltip.dataPoints.find(i => i.raw.point);
    tip.hidden = !item;
    if (!item) return;
    tip.textContent = describe(item.raw.point);
    // Beside the point, inside of the chart.
    const {caretX: x, caretY: y} = tooltip, {offsetWidth: width, offsetHeight: height} = tip;
    tip.style.left = `${x + 14 + width > chart.width ? Math.max(0, x - width - 14) : x + 14}px`;
    tip.style.top = `${Math.max(0, Math.min(y - 20, chart.height - height))}px`;
}

function scatterAxis(axis) {
    return {
        type: axis.isLogarithmic ? 'logarithmic' : 'linear', grace: '4%',
        title: axisTitle(`${words(axis.key)}  (${axis.better} is better)`),
    };
}

/// view: {axes, colourKey, shown, front}.
function scatterChart(view) {
    return {
        type: 'scatter',
        data: {datasets: scatterSets(view)},
        options: {
            interaction: {mode: 'nearest', intersect: true},
            scales: {x: scatterAxis(view.axes.x), y: scatterAxis(view.axes.y)},
            plugins: {
                legend: {labels: {
                    usePointStyle: true, boxHeight: 7,
                    generateLabels: chart => scatterLegend(chart, view),
                }},
                tooltip: {enabled: false, external: showPointTip},
            },
        },
    };
}

/// One mark per colour, whatever the marks of its points.
function scatterLegend(chart, view) {
    return chart.data.datasets.map((set, datasetIndex) => ({
        text: datasetIndex === 0 || !view.colourKey ? set.label : `${view.colourKey} ${set.label}`,
        fillStyle: set.backgroundColor || set.borderColor,
        strokeStyle: set.borderColor || set.backgroundColor,
        fontColor: colour('ink'), lineWidth: 2, datasetIndex,
        pointStyle: datasetIndex === 0 ? 'line' : 'circle',
        hidden: !chart.isDatasetVisible(datasetIndex),
    }));
}
