#include "platform/faults/names.h"

namespace karhunen {

namespace {

[[noreturn]] void fail(const FaultScene& scene, const PlacedWord& name, const std::string& what) {
    scene.source.fail(name.node.Mark(), what);
}

/// That a name is looked up in.
const Loadable& network_of(const FaultScene& scene, const PlacedWord& name) {
    if (scene.subject.loadable.is_none())
        fail(scene, name,
             "there is no network with a '" + name.text +
                 "': run with --network, or name an address, a register or a port, and a time in "
                 "us");
    return scene.subject.loadable;
}

}  // namespace

uint32_t find_tensor(const FaultScene& scene, const PlacedWord& name) {
    const Loadable& loadable = network_of(scene, name);
    std::vector<std::string> known;
    for (const krhn_tensor& tensor : loadable.tensors()) {
        known.emplace_back(loadable.name(tensor));
        if (known.back() == name.text) return static_cast<uint32_t>(known.size() - 1);
    }
    scene.source.unknown(name.node, "tensor", known, "`karhunen run --json` lists them");
}

const krhn_layer& find_layer(const FaultScene& scene, const PlacedWord& name) {
    const Loadable& loadable = network_of(scene, name);
    std::vector<std::string> known;
    for (const krhn_layer& layer : loadable.layers()) {
        known.emplace_back(loadable.name(layer));
        if (known.back() == name.text) return layer;
    }
    scene.source.unknown(name.node, "layer", known, "`karhunen run --json` lists them");
}

BandPlace find_band(const FaultScene& scene, const BandName& name) {
    const uint32_t tensor = find_tensor(scene, name.tensor);
    const krhn_tensor& t = scene.subject.loadable.tensors()[tensor];
    if (name.band >= t.bands)
        fail(scene, name.tensor,
             name.tensor.text + " has " + std::to_string(t.bands) + " bands, from 0; found band " +
                 std::to_string(name.band));
    if (name.image >= scene.subject.images)
        fail(scene, name.tensor,
             "the run has " + std::to_string(scene.subject.images) +
                 " images, from 0; found image " + std::to_string(name.image));
    return {tensor, name.image, name.band};
}

const RegisterPlace& find_register(const FaultScene& scene, const PlacedWord& name) {
    if (const RegisterPlace* place = find_register(name.text)) return *place;
    std::vector<std::string> known;
    for (const RegisterPlace& place : register_places()) known.push_back(place.name);
    scene.source.unknown(name.node, "register", known, "docs/registers.md lists them");
}

}  // namespace karhunen
