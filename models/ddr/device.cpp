#include "models/ddr/device.h"

#include <yaml-cpp/yaml.h>

#include <bit>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <variant>

#include "models/ddr/built_in_devices.h"

namespace karhunen::ddr {

namespace {

using Member = std::variant<uint32_t Device::*, double Device::*>;

enum class For : uint8_t { all, one_group, bank_groups };

struct Key {
    const char* name;
    Member member;
    uint32_t most;  ///< least is 1 (for currents and energies: more than 0)
    bool power_of_two = false;
    For devices = For::all;

    bool applies(const Device& d) const {
        return devices == For::all || (devices == For::one_group) == (d.bank_groups == 1);
    }
};

struct Section {
    const char* name;
    std::vector<Key> keys;
    bool optional = false;
};

// Limits keep every product and sum of these within 32 bits, capacity within 64. Sections are read
// in this order. A device with one bank group gives each plain time once, for all banks.
// clang-format off
const std::vector<Section>& sections() {
    static const std::vector<Section> all = {
        {"geometry",
         {{"chips", &Device::chips, 16, true},
          {"width_bits", &Device::width_bits, 64, true},
          {"bank_groups", &Device::bank_groups, 8, true},
          {"banks", &Device::banks, 64, true},
          {"rows", &Device::rows, 1u << 20, true},
          {"columns", &Device::columns, 1u << 14, true},
          {"burst_length", &Device::burst_length, 16, true}}},
        {"timing",
         {{"t_ck_ps", &Device::t_ck_ps, 100000},
          {"cl", &Device::cl, 100},
          {"cwl", &Device::cwl, 100},
          {"t_rcd", &Device::t_rcd, 1000},
          {"t_rp", &Device::t_rp, 1000},
          {"t_ras", &Device::t_ras, 1000},
          {"t_rc", &Device::t_rc, 1000},
          {"t_rrd", &Device::t_rrd_s, 1000, false, For::one_group},
          {"t_rrd_s", &Device::t_rrd_s, 1000, false, For::bank_groups},
          {"t_rrd_l", &Device::t_rrd_l, 1000, false, For::bank_groups},
          {"t_faw", &Device::t_faw, 1000},
          {"t_wr", &Device::t_wr, 1000},
          {"t_wtr", &Device::t_wtr_s, 1000, false, For::one_group},
          {"t_wtr_s", &Device::t_wtr_s, 1000, false, For::bank_groups},
          {"t_wtr_l", &Device::t_wtr_l, 1000, false, For::bank_groups},
          {"t_rtp", &Device::t_rtp, 1000},
          {"t_ccd", &Device::t_ccd_s, 100, false, For::one_group},
          {"t_ccd_s", &Device::t_ccd_s, 100, false, For::bank_groups},
          {"t_ccd_l", &Device::t_ccd_l, 100, false, For::bank_groups},
          {"t_rfc", &Device::t_rfc, 100000},
          {"t_refi", &Device::t_refi, 1000000}}},
        {"currents",
         {{"vdd_v", &Device::vdd_v, 10},
          {"idd0_ma", &Device::idd0_ma, 10000},
          {"idd2n_ma", &Device::idd2n_ma, 10000},
          {"idd3n_ma", &Device::idd3n_ma, 10000},
          {"idd4r_ma", &Device::idd4r_ma, 10000},
          {"idd4w_ma", &Device::idd4w_ma, 10000},
          {"idd5b_ma", &Device::idd5b_ma, 10000}}},
        {"energy",
         {{"io_read_pj_per_bit", &Device::io_read_pj_per_bit, 1000},
          {"io_write_pj_per_bit", &Device::io_write_pj_per_bit, 1000}},
         true}};
    return all;
}
// clang-format on

void alike_within_and_between_groups(Device& d) {
    d.t_rrd_l = d.t_rrd_s;
    d.t_wtr_l = d.t_wtr_s;
    d.t_ccd_l = d.t_ccd_s;
}

/// Reads one file; knows where each key stands.
class Reader {
public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    Device read(const std::string& text) {
        YAML::Node root;
        try {
            root = YAML::Load(text);
            read_sections(root);
            if (device_.bank_groups == 1) alike_within_and_between_groups(device_);
        } catch (const YAML::Exception& e) {
            fail(e.mark, "", e.msg);
        }
        check();
        return device_;
    }

private:
    std::string place(const YAML::Mark& at, const std::string& key, const std::string& what) const {
        std::ostringstream text;
        text << file_;
        if (!at.is_null()) text << ':' << at.line + 1 << ':' << at.column + 1;
        if (!key.empty()) text << ": " << key;
        text << ": " << what;
        return text.str();
    }

    [[noreturn]] void fail(const YAML::Mark& at, const std::string& key, const std::string& what) {
        throw DeviceError(place(at, key, what));
    }

    void expect_map(const YAML::Node& node, const std::string& key, const YAML::Mark& at) {
        if (!node || !node.IsMap()) fail(at, key, "missing, or not a map of keys");
    }

    void read_sections(const YAML::Node& root) {
        expect_map(root, "", root.Mark());
        std::set<std::string> known = {"name"};
        for (const Section& s : sections()) known.insert(s.name);
        check_keys(root, known, "");
        if (!root["name"] || !root["name"].IsScalar()) fail(root.Mark(), "name", "missing");
        device_.name = root["name"].Scalar();
        for (const Section& s : sections()) {
            const YAML::Node node = root[s.name];
            if (s.optional && !node) continue;
            expect_map(node, s.name, root.Mark());
            const std::string prefix = std::string(s.name) + '.';
            known.clear();
            for (const Key& k : s.keys) known.insert(k.name);
            check_keys(node, known, prefix);
            for (const Key& k : s.keys)
                if (!k.applies(device_)) expect_none(node[k.name], k, prefix + k.name);
            for (const Key& k : s.keys)
                if (k.applies(device_)) read_value(node, k, prefix + k.name);
        }
    }

    void expect_none(const YAML::Node& value, const Key& key, const std::string& path) {
        if (!value) return;
        fail(value.Mark(), path,
             key.devices == For::one_group ? "with bank groups there are two, with _s and with _l"
                                           : "only for devices with bank groups");
    }

    void check_keys(const YAML::Node& node, const std::set<std::string>& known,
                    const std::string& prefix) {
        std::set<std::string> seen;
        for (const auto& pair : node) {
            const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "(not a word)";
            if (!known.contains(key)) fail(pair.first.Mark(), prefix + key, "unknown key");
            if (!seen.insert(key).second) fail(pair.first.Mark(), prefix + key, "given twice");
        }
    }

    void read_value(const YAML::Node& section, const Key& key, const std::string& path) {
        const YAML::Node node = section[key.name];
        if (!node) fail(section.Mark(), path, "missing");
        marks_[key.name] = node.Mark();
        const bool whole = std::holds_alternative<uint32_t Device::*>(key.member);
        double value = 0;
        if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !(value > 0) ||
            value > key.most || (whole && value != static_cast<uint32_t>(value)))
            fail(node.Mark(), path,
                 "expected a" + std::string(whole ? " whole" : "") + " number above 0 and up to " +
                     std::to_string(key.most));
        if (key.power_of_two && !std::has_single_bit(static_cast<uint32_t>(value)))
            fail(node.Mark(), path, "expected a power of two");
        if (whole)
            device_.*std::get<uint32_t Device::*>(key.member) = static_cast<uint32_t>(value);
        else
            device_.*std::get<double Device::*>(key.member) = value;
    }

    void refuse_if(bool bad, const char* key, const std::string& why) {
        if (bad) fail(marks_[key], key, why);
    }

    /// Rules between values.
    void check() {
        const Device& d = device_;
        refuse_if(d.chips * d.width_bits < 8, "width_bits", "the bus is narrower than a byte");
        refuse_if(d.bank_groups > d.banks, "bank_groups", "more than banks");
        refuse_if(d.burst_length < 2, "burst_length", "two beats make a clock: at least 2");
        refuse_if(d.columns < d.burst_length, "columns", "fewer than one burst");
        refuse_if(d.t_rc < d.t_ras + d.t_rp, "t_rc",
                  "less than t_ras + t_rp = " + std::to_string(d.t_ras + d.t_rp));
        refuse_if(d.t_ras < d.t_rcd, "t_ras", "less than t_rcd");
        const bool groups = d.bank_groups > 1;
        refuse_if(d.t_ccd_s < d.burst_clocks(), groups ? "t_ccd_s" : "t_ccd",
                  "bursts would overlap on the data pins");
        refuse_if(d.t_ccd_l < d.t_ccd_s, "t_ccd_l", "less than t_ccd_s");
        refuse_if(d.t_rrd_l < d.t_rrd_s, "t_rrd_l", "less than t_rrd_s");
        refuse_if(d.t_wtr_l < d.t_wtr_s, "t_wtr_l", "less than t_wtr_s");
        refuse_if(d.t_rfc < d.t_rp, "t_rfc", "less than t_rp");
        refuse_if(d.t_refi <= d.t_rfc + d.t_rc, "t_refi",
                  "a refresh takes longer than its interval");
        refuse_if(d.cwl > d.cl, "cwl", "more than cl");
        refuse_if(d.idd3n_ma > d.idd0_ma, "idd3n_ma", "more than idd0_ma");
        refuse_if(d.idd3n_ma > d.idd4r_ma, "idd3n_ma", "more than idd4r_ma");
        refuse_if(d.idd3n_ma > d.idd4w_ma, "idd3n_ma", "more than idd4w_ma");
        refuse_if(d.idd3n_ma > d.idd5b_ma, "idd3n_ma", "more than idd5b_ma");
        refuse_if(d.idd2n_ma > d.idd0_ma, "idd2n_ma", "more than idd0_ma");
        if (d.t_faw < 4 * d.t_rrd_s)
            device_.warnings.push_back(
                place(marks_["t_faw"], "t_faw",
                      std::string("less than 4 ") + (groups ? "t_rrd_s" : "t_rrd") +
                          ": no window of four activates is ever held up by it"));
        if (uint64_t{d.t_refi} * d.t_ck_ps > 7'800'000)
            device_.warnings.push_back(
                place(marks_["t_refi"], "t_refi",
                      "more than the 7.8 us of JESD79; the value is in clocks of t_ck_ps"));
    }

    std::string file_;
    Device device_;
    std::map<std::string, YAML::Mark> marks_;
};

}  // namespace

Device Device::parse(const std::string& text, const std::string& file_name) {
    return Reader(file_name).read(text);
}

Device Device::read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) throw DeviceError(path.string() + ": cannot be read");
    return parse(text.str(), path.string());
}

Device Device::find(const std::string& name, const std::filesystem::path& directory) {
    const std::filesystem::path file = directory / (name + ".yaml");
    if (!directory.empty() && std::filesystem::exists(file)) return read(file);
    const auto found = built_in_devices().find(name);
    if (found != built_in_devices().end()) return parse(found->second, name + ".yaml (built in)");
    std::string known;
    for (const std::string& n : built_in()) known += ' ' + n;
    throw DeviceError("no DRAM device '" + name + "'; built in are:" + known);
}

std::vector<std::string> Device::built_in() {
    std::vector<std::string> names;
    for (const auto& [name, text] : built_in_devices()) names.push_back(name);
    return names;
}

}  // namespace karhunen::ddr
