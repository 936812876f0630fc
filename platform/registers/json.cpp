#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/registers/formats.h"
#include "platform/registers/text.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

Json registers_json(const std::vector<MappedRegister>& registers) {
    Json all = Json::array();
    for (const MappedRegister& r : registers) {
        Json fields = Json::array();
        for (const RegisterField& f : r.fields) {
            Json values = Json::array();
            for (const FieldValue& v : f.values)
                values.push_back({{"name", v.name}, {"value", v.value}, {"text", v.text}});
            fields.push_back({{"name", f.name},
                              {"first_bit", f.first_bit},
                              {"bits", f.bits},
                              {"text", f.text},
                              {"values", values}});
        }
        all.push_back({{"name", r.name},
                       {"offset", r.offset},
                       {"access", text_of(r.access)},
                       {"reset", r.reset},
                       {"reset_mask", r.reset_mask},
                       {"text", r.text},
                       {"fields", fields}});
    }
    return all;
}

}  // namespace

void print_registers_json(std::ostream& out) {
    Json blocks = Json::array();
    for (const MappedBlock& b : register_map()) {
        Json groups = Json::array();
        for (const RegisterGroup& g : b.groups)
            groups.push_back({{"name", g.name},
                              {"offset", g.offset},
                              {"stride", g.stride},
                              {"first", g.first},
                              {"count", g.count},
                              {"text", g.text},
                              {"registers", registers_json(g.registers)}});
        blocks.push_back({{"name", b.name},
                          {"base", b.base},
                          {"bytes", b.bytes},
                          {"register_bytes", b.register_bytes},
                          {"irq", b.irq},
                          {"text", b.text},
                          {"registers", registers_json(b.registers)},
                          {"groups", groups}});
    }
    out << Json{{"blocks", blocks}}.dump(2) << '\n';
}

}  // namespace karhunen
