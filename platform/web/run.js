// The page of a run, put together.
'use strict';

fillTitle();
showFault();
document.getElementById('measured').hidden = layers.length === 0;
document.getElementById('tiles').hidden = layers.length === 0;
if (layers.length > 0) {
    fillTiles();
    addCycles();
    addTraffic();
    addRates();
    addEnergy();
    addRoofline();
    addResources();
    addTimeline();
    fillLayers();
    fillMachine();
}
