// Plans of faults from YAML, every error with its place.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include "platform/configuration.h"
#include "platform/faults/fields.h"
#include "platform/faults/plan.h"

namespace karhunen {

namespace {

constexpr double most_us = 1e9;  // a quarter of an hour of simulated time

const std::vector<std::string>& ports() {
    static const std::vector<std::string> names(std::begin(port_names), std::end(port_names));
    return names;
}

class Reader {
public:
    explicit Reader(const YamlSource& source) : source_(source) {}
    std::vector<Fault> read(const YAML::Node& root) const;

private:
    Fault fault(const YAML::Node& node) const;
    void refuse_condition(const YAML::Node& key) const;
    When when(const YAML::Node& node, bool has_occasions) const;
    BandName band(const Fields& f, const char* tensor) const;
    void read_kind(Fault& fault, const YAML::Node& kind, const YAML::Node& value) const;
    void flip(Fault& fault, const YAML::Node& value) const;
    MemoryFlip memory_flip(const YAML::Node& value, MemoryPart part) const;
    StreamFlip stream_flip(const YAML::Node& value) const;
    StuckPort stuck(const YAML::Node& value) const;
    LateInterrupt interrupt(const YAML::Node& value) const;
    BusFault bus(const YAML::Node& value) const;
    SlowDram slow_dram(const YAML::Node& value) const;

    const YamlSource& source_;
};

BandName Reader::band(const Fields& f, const char* tensor) const {
    return {f.word(tensor), static_cast<uint32_t>(f.whole("image", 0, UINT32_MAX, 0)),
            static_cast<uint32_t>(f.whole("band", 0, UINT32_MAX, 0))};
}

When Reader::when(const YAML::Node& node, bool has_occasions) const {
    const Fields f(source_, node, "when", {"us", "stored", "image", "band", "nth", "times"});
    for (const char* key : {"nth", "times"})
        if (f.has(key) && !has_occasions)
            f.fail(key, "counts accesses of bus and interrupts; other faults strike once");
    When when;
    if (f.has("us") && f.has("stored")) f.fail("us", "is given besides stored");
    when.us = f.number("us", 0, most_us, 0);
    if (f.has("stored")) when.stored = band(f, "stored");
    for (const char* key : {"image", "band"})
        if (f.has(key) && !when.stored) f.fail(key, "belongs to stored, a tensor");
    when.nth = f.whole("nth", 1, UINT32_MAX, 1);
    when.times = f.whole("times", 1, UINT32_MAX, 1);
    return when;
}

void Reader::flip(Fault& fault, const YAML::Node& value) const {
    static const std::vector<std::pair<const char*, MemoryPart>> parts = {
        {"address", MemoryPart::address},
        {"tensor", MemoryPart::band},
        {"entry", MemoryPart::entry},
        {"weights", MemoryPart::weights},
        {"table", MemoryPart::table}};
    const char* const places = "address, tensor, entry, weights, table, register or port";
    if (!value.IsMap()) source_.fail(value.Mark(), std::string("flip: expected one of ") + places);
    for (const auto& entry : value) {
        if (!entry.first.IsScalar()) continue;
        const std::string& key = entry.first.Scalar();
        for (const auto& [name, part] : parts)
            if (key == name) return void(fault.what = memory_flip(value, part));
        if (key == "port") return void(fault.what = stream_flip(value));
        if (key == "register") {
            const Fields f(source_, value, "flip", {"register", "bit"});
            fault.what =
                RegisterFlip{f.word("register"), static_cast<uint32_t>(f.whole("bit", 0, 31))};
            return;
        }
    }
    source_.fail(value.Mark(), std::string("flip: expected one of ") + places +
                                   ", as {tensor: "
                                   "conv1, band: 2, bit: 0}");
}

MemoryFlip Reader::memory_flip(const YAML::Node& value, MemoryPart part) const {
    MemoryFlip flip;
    flip.part = part;
    if (part == MemoryPart::address) {
        const Fields f(source_, value, "flip", {"address", "bit"});
        flip.name = f.word("address");
        flip.address = f.whole("address", KRHN_DDR_BASE, UINT32_MAX);
        flip.bit = static_cast<uint32_t>(f.whole("bit", 0, 7));
        return flip;
    }
    const bool is_band = part == MemoryPart::band || part == MemoryPart::entry;
    const char* const key = part == MemoryPart::band      ? "tensor"
                            : part == MemoryPart::entry   ? "entry"
                            : part == MemoryPart::weights ? "weights"
                                                          : "table";
    std::vector<std::string> known = {key, "byte", "bit"};
    if (is_band) known.insert(known.end(), {"image", "band"});
    const Fields f(source_, value, "flip", known);
    if (is_band)
        flip.band = band(f, key);
    else
        flip.name = f.word(key);
    flip.byte = f.whole("byte", 0, UINT32_MAX, 0);
    flip.bit = static_cast<uint32_t>(f.whole("bit", 0, 7));
    return flip;
}

StreamFlip Reader::stream_flip(const YAML::Node& value) const {
    const Fields f(source_, value, "flip", {"port", "side", "byte", "bit"});
    return {f.choice("port", ports()), f.choice("side", {"memory", "block"}, 0) == 0,
            f.whole("byte", 0, UINT64_MAX >> 1, 0), static_cast<uint32_t>(f.whole("bit", 0, 7))};
}

StuckPort Reader::stuck(const YAML::Node& value) const {
    const Fields f(source_, value, "stuck", {"port", "what", "for_us"});
    StuckPort stuck{f.choice("port", ports()), f.choice("what", {"takes", "gives"}, 0) == 1,
                    f.number("for_us", 0, most_us, 0)};
    if (stuck.port == KRHN_PORT_ENCODER_STREAM && !stuck.gives)
        f.fail("port", "output gives: say what: gives");
    return stuck;
}

LateInterrupt Reader::interrupt(const YAML::Node& value) const {
    static const std::vector<std::string> sources(std::begin(interrupt_names),
                                                  std::end(interrupt_names));
    const Fields f(source_, value, "interrupt", {"source", "delay_us"});
    return {f.choice("source", sources) + 1, f.number("delay_us", 0, most_us, 0)};
}

BusFault Reader::bus(const YAML::Node& value) const {
    const Fields f(source_, value, "bus",
                   {"address", "bytes", "register", "master", "access", "byte", "bit"});
    BusFault fault;
    if (f.has("register") == f.has("address"))
        source_.fail(value.Mark(), "bus: expected either address or register");
    if (f.has("register")) {
        if (f.has("bytes")) f.fail("bytes", "belongs to address");
        fault.name = f.word("register");
    } else {
        fault.first = f.whole("address", 0, UINT32_MAX);
        fault.last = fault.first + f.whole("bytes", 1, UINT32_MAX, 4) - 1;
        if (fault.last > UINT32_MAX) f.fail("bytes", "goes beyond 4 GiB");
    }
    if (f.has("master")) fault.cpu = f.choice("master", {"cpu", "dma"}) == 0;
    if (f.has("access")) fault.write = f.choice("access", {"read", "write"}) == 1;
    if (f.has("byte") && !f.has("bit")) f.fail("byte", "needs bit, which shall flip");
    if (f.has("bit")) {
        fault.byte = static_cast<uint32_t>(f.whole("byte", 0, 65535, 0));
        fault.bit = static_cast<uint32_t>(f.whole("bit", 0, 7));
    }
    return fault;
}

SlowDram Reader::slow_dram(const YAML::Node& value) const {
    const Fields f(source_, value, "slow_dram", {"factor", "latency_ns", "for_us"});
    if (!f.has("factor") && !f.has("latency_ns"))
        source_.fail(value.Mark(), "slow_dram: expected factor, latency_ns or both");
    return {f.number("factor", 1, 1e6, 1), f.number("latency_ns", 0, 1e9, 0),
            f.number("for_us", 0, most_us, 0)};
}

void Reader::read_kind(Fault& fault, const YAML::Node& kind, const YAML::Node& value) const {
    const std::string& name = kind.Scalar();
    if (name == "flip")
        flip(fault, value);
    else if (name == "stuck")
        fault.what = stuck(value);
    else if (name == "interrupt")
        fault.what = interrupt(value);
    else if (name == "bus")
        fault.what = bus(value);
    else if (name == "slow_dram")
        fault.what = slow_dram(value);
    else
        source_.unknown(kind, "kind of fault", {"flip", "stuck", "interrupt", "bus", "slow_dram"},
                        "known: flip, stuck, interrupt, bus, slow_dram, and when");
}

/// Beside the kind or in it.
void Reader::refuse_condition(const YAML::Node& key) const {
    for (const char* condition : {"us", "stored", "nth", "times"})
        if (key.IsScalar() && key.Scalar() == condition)
            source_.fail(key.Mark(), key.Scalar() +
                                         " belongs under when, as {interrupt: {source: DMA}, "
                                         "when: {" +
                                         key.Scalar() + ": ...}}");
}

Fault Reader::fault(const YAML::Node& node) const {
    const std::string expected =
        "expected {KIND: {...}, when: {...}}, as {flip: {tensor: conv1, "
        "bit: 0}, when: {us: 100}}";
    if (!node.IsMap()) source_.fail(node.Mark(), expected);
    Fault fault;
    YAML::Node kind, value, time;
    for (const auto& entry : node) {
        if (!entry.first.IsScalar()) source_.fail(entry.first.Mark(), expected);
        refuse_condition(entry.first);
        YAML::Node& place = entry.first.Scalar() == "when" ? time : value;
        if (place.IsDefined() && !place.IsNull())
            source_.fail(entry.first.Mark(), &place == &time
                                                 ? "when is given twice"
                                                 : "a fault has one kind; begin another with '-'");
        if (entry.second.IsNull()) source_.fail(entry.first.Mark(), expected);
        place.reset(entry.second);
        if (&place == &value) kind.reset(entry.first);
    }
    if (!value.IsDefined() || value.IsNull()) source_.fail(node.Mark(), expected);
    if (value.IsMap())
        for (const auto& entry : value) refuse_condition(entry.first);
    read_kind(fault, kind, value);
    const bool has_occasions = std::holds_alternative<LateInterrupt>(fault.what) ||
                               std::holds_alternative<BusFault>(fault.what);
    if (time.IsDefined() && !time.IsNull()) fault.when = when(time, has_occasions);
    YAML::Emitter text;
    text << YAML::Flow << node;
    fault.text = text.c_str();
    std::replace(fault.text.begin(), fault.text.end(), '\n', ' ');
    return fault;
}

std::vector<Fault> Reader::read(const YAML::Node& root) const {
    const Fields f(source_, root, "a plan of faults", {"faults"});
    const YAML::Node list = f.node("faults");
    if (!list.IsSequence() || list.size() == 0)
        source_.fail(list.Mark(), "faults: expected a list, as [{flip: {...}, when: {...}}]");
    std::vector<Fault> faults;
    for (const auto& node : list) faults.push_back(fault(node));
    return faults;
}

}  // namespace

FaultPlan FaultPlan::parse(const std::string& text, const std::string& name) {
    FaultPlan plan{YamlSource(name), {}};
    try {
        plan.faults = Reader(plan.source).read(YAML::Load(text));
        return plan;
    } catch (const YAML::Exception& e) {
        plan.source.fail(e.mark, "not YAML: " + e.msg);
    }
}

FaultPlan FaultPlan::read(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
        throw ConfigurationError(path.string() + ": cannot be opened for reading");
    std::ostringstream text;
    text << file.rdbuf();
    return parse(text.str(), path.string());
}

}  // namespace karhunen
