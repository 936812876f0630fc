#include "models/ddr_checker/checked_device.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <sstream>

#include "models/ddr/built_in_devices.h"

namespace karhunen::ddr {

namespace {

int64_t number(const YAML::Node& section, const std::string& key) {
    if (!section.IsMap() || !section[key]) throw std::runtime_error(key + " is missing");
    const auto value = section[key].as<double>(0);
    const bool fits = value >= 1 && value <= 1e9;
    if (!fits || value != static_cast<double>(static_cast<int64_t>(value)))
        throw std::runtime_error(key + ": expected a whole number from 1 to 1e9");
    return static_cast<int64_t>(value);
}

}  // namespace

CheckedDevice CheckedDevice::parse(const std::string& text) {
    const YAML::Node file = YAML::Load(text);
    if (!file.IsMap()) throw std::runtime_error("no map of sections");
    const YAML::Node geometry = file["geometry"], timing = file["timing"];
    if (!geometry || !timing) throw std::runtime_error("geometry or timing is missing");
    CheckedDevice d;
    d.bank_groups = number(geometry, "bank_groups");
    d.banks = number(geometry, "banks");
    d.rows = number(geometry, "rows");
    d.columns = number(geometry, "columns");
    d.burst_length = number(geometry, "burst_length");
    const auto clocks = [&timing](const char* key) { return number(timing, key); };
    d.t_ck_ps = clocks("t_ck_ps");
    d.cl = clocks("cl");
    d.cwl = clocks("cwl");
    d.t_rcd = clocks("t_rcd");
    d.t_rp = clocks("t_rp");
    d.t_ras = clocks("t_ras");
    d.t_rc = clocks("t_rc");
    d.t_faw = clocks("t_faw");
    d.t_wr = clocks("t_wr");
    d.t_rtp = clocks("t_rtp");
    d.t_rfc = clocks("t_rfc");
    d.t_refi = clocks("t_refi");
    const bool groups = d.bank_groups > 1;
    d.t_rrd_s = clocks(groups ? "t_rrd_s" : "t_rrd");
    d.t_rrd_l = clocks(groups ? "t_rrd_l" : "t_rrd");
    d.t_wtr_s = clocks(groups ? "t_wtr_s" : "t_wtr");
    d.t_wtr_l = clocks(groups ? "t_wtr_l" : "t_wtr");
    d.t_ccd_s = clocks(groups ? "t_ccd_s" : "t_ccd");
    d.t_ccd_l = clocks(groups ? "t_ccd_l" : "t_ccd");
    return d;
}

CheckedDevice CheckedDevice::read(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) throw std::runtime_error(path + ": cannot be read");
    try {
        return parse(text.str());
    } catch (const std::exception& e) {
        throw std::runtime_error(path + ": " + e.what());
    }
}

CheckedDevice CheckedDevice::find(const std::string& name) {
    const auto& devices = built_in_devices();
    const auto found = devices.find(name);
    if (found != devices.end()) return parse(found->second);
    std::string known;
    for (const auto& device : devices) known += (known.empty() ? "" : ", ") + device.first;
    throw std::runtime_error("no device '" + name + "'; known: " + known);
}

}  // namespace karhunen::ddr
