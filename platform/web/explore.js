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
    return {axes, colourKey: control('colour_key').value, shown, front: frontOf(shown, axes), without: passing.length - shown.length};
}

let view;

function show() {
    view = viewOf();
    draw('scatter_chart');
    showTable(view);
    say('scatter', `${number(view.shown.length, 0)} of ${number(points.length, 0)} points, ${number(view.front.length, 0)} of them on the front` +
        (view.without ? `; ${number(view.without, 0)} have no such result.` : '.'));
}

function addControls() {
    const keys = resultKeys.map(key => [key, words(key)]);
    const wanted = [...objectives.map(o => o.key).filter(key => resultKeys.includes(key)), ...resultKeys];
    const first = wanted[0], second = wanted.find(key => key !== first) || first;
    addOptions('y_key', keys, first);
    addOptions('x_key', keys, second);
    const several = parameterKeys.filter(key => valuesOf(key).length > 1);
    addOptions('colour_key', [['', 'one'], ...several.map(key => [key, key])], several[0] || '');
    for (const letter of ['x', 'y']) {
        const takeBetter = () => { control(`${letter}_better`).value = betterOf(control(`${letter}_key`).value); };
        takeBetter();
        control(`${letter}_key`).addEventListener('change', () => { takeBetter(); show(); });
        for (const id of [`${letter}_better`, `${letter}_log`]) control(id).addEventListener('change', show);
    }
    control('colour_key').addEventListener('change', show);
}

function fillHead() {
    const fitting = points.filter(p => p.fits).length;
    control('title').textContent = data.title || 'Sweep';
    document.title = `${data.title || 'Sweep'} - Karhunen`;
    control('subtitle').textContent = [`${number(points.length, 0)} points`,
        ...(points.some(p => p.fits === false) ? [`${number(fitting, 0)} fit their device`] : []),
        `${number(points.filter(p => p.front).length, 0)} on the front of all objectives`].join('  \u00b7  ');
    control('objectives').textContent = objectives.length ? objectives.map(o => words(o.key)).join('; ') : 'of which it names none';
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
    for (const event of ['beforeprint', 'afterprint']) addEventListener(event, () => showTable(view));
} else {
    for (const section of document.querySelectorAll('section')) section.hidden = true;
    add(document.querySelector('header'), 'p', 'No point of the sweep has a result.', 'alert');
}
