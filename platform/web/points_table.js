// The points shown, a row each, sorted by any column; some at first, more on demand.
'use strict';

const rowsAtOnce = 200;
const tableState = {column: 0, isDescending: false, rows: rowsAtOnce, view: null};

const tableColumns = [
    {name: 'name', isText: true, of: point => point.name},
    ...parameterKeys.map(key => ({name: key, isText: true, of: point => parameterOf(point, key)})),
    ...resultKeys.map(key => ({name: words(key), of: point => resultOf(point, key)})),
    {name: 'violates', isText: true, of: ({violates}) => (violates || []).join(', ') || null},
];

/// What is not there comes last, whatever the order.
function compare(a, b, isDescending) {
    if (a === null || b === null) return (b !== null) - (a !== null);
    const order = typeof a === 'number' && typeof b === 'number'
        ? a - b : String(a).localeCompare(String(b), 'en', {numeric: true});
    return isDescending ? -order : order;
}

function addTableHead() {
    const head = add(add(document.getElementById('points_table'), 'thead'), 'tr');
    tableColumns.forEach((column, i) => {
        const cell = add(head, 'th', column.name, column.isText ? 'text' : '');
        cell.tabIndex = 0;
        const sort = () => {
            tableState.isDescending = tableState.column === i && !tableState.isDescending;
            tableState.column = i;
            showTable(tableState.view);
        };
        cell.addEventListener('click', sort);
        cell.addEventListener('keydown', event => { if (event.key === 'Enter') sort(); });
    });
    add(document.getElementById('points_table'), 'tbody');
    document.getElementById('more').addEventListener('click', () => {
        tableState.rows += rowsAtOnce;
        showTable(tableState.view);
    });
}

/// The best first.
function sortBy(axis) {
    tableState.column = 1 + parameterKeys.length + resultKeys.indexOf(axis.key);
    tableState.isDescending = axis.better === 'higher';
}

/// view: as for scatterChart.
function showTable(view) {
    tableState.view = view;
    const column = tableColumns[tableState.column], onFront = new Set(view.front);
    const sorted = view.shown.slice().sort(
        (a, b) => compare(column.of(a), column.of(b), tableState.isDescending));
    const table = document.getElementById('points_table');
    table.querySelectorAll('th').forEach((cell, i) => {
        const order = tableState.isDescending ? 'descending' : 'ascending';
        if (i === tableState.column) cell.setAttribute('aria-sort', order);
        else cell.removeAttribute('aria-sort');
    });
    const body = document.createElement('tbody');
    // On paper, where only these are shown, all of the front.
    const some = isPrinting()
        ? sorted.filter(point => onFront.has(point)) : sorted.slice(0, tableState.rows);
    for (const point of some) {
        const line = add(body, 'tr', undefined, onFront.has(point) ? 'front' : '');
        for (const c of tableColumns) {
            const value = c.of(point);
            const text = value === null ? '-' : c.isText ? String(value) : short(value);
            add(line, 'td', text, c.isText ? 'text' : '');
        }
    }
    table.replaceChild(body, table.tBodies[0]);
    document.getElementById('more').hidden = sorted.length <= some.length;
    say('points', `${number(some.length, 0)} of ${number(sorted.length, 0)} points; ` +
        'those on the front are marked. A click on a head sorts.');
}
