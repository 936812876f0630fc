// The points of a sweep and what can be asked of them; nothing here draws.
//
// data: {"title": ..., "points": [{"name", "parameters": {key: value}, "results": {key: number},
// "front": beaten by none in all objectives, "violates":
// constraints that it does not meet}], "objectives": [key, or {"key", "better":
// "lower" or "higher"}], "units": {key: unit}}. A result may be missing or null.
'use strict';

const points = data.points;
for (const point of points) point.isAllowed = (point.violates || []).length === 0;

/// The keys that occur in points, in order of their first occurrence.
function keysOf(field, isWanted) {
    const keys = new Set();
    for (const point of points)
        for (const [key, value] of Object.entries(point[field] || {}))
            if (isWanted(value)) keys.add(key);
    return [...keys];
}

const parameterKeys = keysOf('parameters', () => true);
const resultKeys = keysOf('results', value => Number.isFinite(value));
const objectives = (data.objectives || []).map(o => (typeof o === 'string' ? {key: o} : o));

/// A result's name for people, with its unit, once: "energy_mj" in mJ is "energy mJ".
function words(key) {
    const unit = (data.units || {})[key];
    const parts = key.split('_'), place = unit ? parts.indexOf(unit.toLowerCase()) : -1;
    if (place >= 0) parts[place] = unit;
    const text = parts.join(' ');
    const isSaid = place >= 0 || (unit === '1/s' && text.endsWith(' per s'));
    return !unit || isSaid ? text : `${text}, ${unit}`;
}

/// What the sweep says; else by the name: speed and quality are to be high, costs low.
function betterOf(key) {
    const objective = objectives.find(o => o.key === key);
    if (objective && objective.better) return objective.better;
    const isGain = /frames|fps|snr|top_?[15]|accuracy|utilisation/.test(key);
    return isGain && !/drop|loss/.test(key) ? 'higher' : 'lower';
}

function resultOf(point, key) {
    const value = (point.results || {})[key];
    return Number.isFinite(value) ? value : null;
}

/// "-" of a point that has no such parameter.
function parameterOf(point, key) {
    const value = point.parameters[key];
    return value === undefined || value === null ? '-' : value;
}

/// Values of a parameter, numbers by size, before texts by letters.
function valuesOf(key) {
    const values = new Map(points.map(p => [String(parameterOf(p, key)), parameterOf(p, key)]));
    const isNumber = value => typeof value === 'number';
    return [...values.values()].sort((a, b) => {
        if (isNumber(a) && isNumber(b)) return a - b;
        return isNumber(b) - isNumber(a) || (String(a) < String(b) ? -1 : 1);
    });
}

/// Those of `candidates` that none of them beats: is better in one of two results and no worse in
/// the other. In order of x; of points alike the first. axes: {x, y: {key, better}}.
function frontOf(candidates, axes) {
    const cost = (point, {key, better}) => resultOf(point, key) * (better === 'higher' ? -1 : 1);
    const sorted = candidates
        .map(point => ({point, x: cost(point, axes.x), y: cost(point, axes.y)}))
        .sort((a, b) => a.x - b.x || a.y - b.y);
    const front = [];
    let least = Infinity;
    for (const candidate of sorted) {
        if (candidate.y >= least) continue;
        least = candidate.y;
        front.push(candidate.point);
    }
    return axes.x.better === 'higher' ? front.reverse() : front;
}
