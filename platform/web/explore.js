// The page of a sweep: controls, and what follows when they change.
'use strict';

const control = id => document.getElementById(id);

function addOptions(id, keys, chosen) {
    for (const [value, text] of keys) {
        const option = add(control(id), 'option', text);
        option.value = value;
    }
    control(id).value = chosen;
}

function axisOf(letter) {
    return {
        key: control(`${letter}_key`).value, better: control(`${letter}_better`).value,
        isLogarithmic: control(`${letter}_log`).checked,
    };
}

/// What the controls ask for: points with both results, on a logarithmic axis above 0.
function viewOf() {
    const axes = {x: axisOf('x'), y: axisOf('y')};
    const has = (point, axis) => {
        const value = resultOf(point, axis.key);
        return value !== null && (!axis.isLogarithmic || value > 0);
    };
    const passing = points.filter(passes);
    const shown = passing.filter(point => has(point, axes.x) && has(point, axes.y));
    return {
        axes, shown, colourKey: control('colour_key').value, front: frontOf(shown, axes),
        without: passing.length - shown.length,
    };
}

let view;

function show() {
    view = viewOf();
    draw('scatter_chart');
    showTable(view);
    const [shown, all, front] = [view.shown, points, view.front].map(p => number(p.length, 0));
    say('scatter', `${shown} of ${all} points, ${front} of them on the front` +
        (view.without ? `; ${number(view.without, 0)} have no such result.` : '.'));
}

function addControls() {
    const keys = resultKeys.map(key => [key, words(key)]);
    const known = objectives.map(o => o.key).filter(key => resultKeys.includes(key));
    const wanted = [...known, ...resultKeys];
    const first = wanted[0], second = wanted.find(key => key !== first) || first;
    addOptions('y_key', keys, first);
    addOptions('x_key', keys, second);
    const several = parameterKeys.filter(key => valuesOf(key).length > 1);
    const colours = [['', 'one'], ...several.map(key => [key, key])];
    addOptions('colour_key', colours, several.includes('codec') ? 'codec' : several[0] || '');
    for (const letter of ['x', 'y']) {
        const key = control(`${letter}_key`), better = control(`${letter}_better`);
        better.value = betterOf(key.value);
        key.addEventListener('change', () => {
            better.value = betterOf(key.value);
            show();
        });
        better.addEventListener('change', show);
        control(`${letter}_log`).addEventListener('change', show);
    }
    control('colour_key').addEventListener('change', show);
}

function fillHead() {
    const allowed = points.filter(p => p.isAllowed).length;
    control('title').textContent = data.title || 'Sweep';
    document.title = `${data.title || 'Sweep'} - Karhunen`;
    control('subtitle').textContent = [`${number(points.length, 0)} points`,
        ...(allowed < points.length ? [`${number(allowed, 0)} meet the constraints`] : []),
        `${number(points.filter(p => p.front).length, 0)} on the front of all objectives`,
    ].join('  \u00b7  ');
    control('objectives').textContent =
        objectives.map(o => words(o.key)).join('; ') || 'of which it names none';
}

fillHead();
if (resultKeys.length > 0) {
    addControls();
    addFilters(show);
    addTableHead();
    view = viewOf();
    sortBy(view.axes.y);
    addChart('scatter_chart', () => (isPrinting() ? 430 : 560), () => scatterChart(view));
    show();
    // After page.js has changed to paper and back.
    for (const event of ['beforeprint', 'afterprint'])
        addEventListener(event, () => showTable(view));
} else {
    for (const section of document.querySelectorAll('section')) section.hidden = true;
    add(document.querySelector('header'), 'p', 'No point of the sweep has a result.', 'alert');
}
