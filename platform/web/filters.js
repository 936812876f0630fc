// Check boxes: a group per parameter of several values, and one for what meets the constraints.
'use strict';

/// refused: key -> values (as texts) that are not wanted.
const filters = {refused: new Map(), onlyAllowed: false};

function passes(point) {
    if (filters.onlyAllowed && !point.isAllowed) return false;
    for (const [key, values] of filters.refused)
        if (values.has(String(parameterOf(point, key)))) return false;
    return true;
}

function addCheckBox(parent, text, isChecked, onChange) {
    const label = add(parent, 'label');
    const box = add(label, 'input');
    box.type = 'checkbox';
    box.checked = isChecked;
    label.append(` ${text}`);
    box.addEventListener('change', () => onChange(box.checked));
    return box;
}

function addGroup(parent, key, values, onChange) {
    const group = add(parent, 'fieldset');
    group.dataset.key = key;
    add(group, 'legend', key);
    const refused = new Set();
    filters.refused.set(key, refused);
    const buttons = add(group, 'div');
    const list = add(group, 'div', undefined, 'values');
    const boxes = values.map(value => {
        const text = String(value);
        const box = addCheckBox(list, text, true, isWanted => {
            if (isWanted) refused.delete(text);
            else refused.add(text);
            onChange();
        });
        box.dataset.value = text;
        return box;
    });
    const setAll = isWanted => {
        for (const box of boxes) box.checked = isWanted;
        refused.clear();
        if (!isWanted) for (const value of values) refused.add(String(value));
        onChange();
    };
    for (const [text, isWanted] of [['all', true], ['none', false]]) {
        const button = add(buttons, 'button', text);
        button.type = 'button';
        button.addEventListener('click', () => setAll(isWanted));
    }
}

/// onChange: called after each change.
function addFilters(onChange) {
    const parent = document.getElementById('filters');
    if (points.some(point => !point.isAllowed)) {
        const box = addCheckBox(parent, 'only what meets the constraints', false, isWanted => {
            filters.onlyAllowed = isWanted;
            onChange();
        });
        box.id = 'only_allowed';
    }
    for (const key of parameterKeys) {
        const values = valuesOf(key);
        if (values.length > 1) addGroup(parent, key, values, onChange);
    }
}
