#include <ostream>

#include "platform/registers/formats.h"
#include "platform/registers/text.h"

namespace karhunen {

namespace {

/// Elements in the order of CMSIS-SVD.xsd 1.3, indented by their depth.
class Xml {
public:
    explicit Xml(std::ostream& out) : out_(out) {}

    void open(const char* tag) { line('<' + std::string(tag) + '>'), ++depth_; }
    void close(const char* tag) { --depth_, line("</" + std::string(tag) + '>'); }
    void element(const char* tag, const std::string& text) {
        line('<' + std::string(tag) + '>' + escaped(text) + "</" + tag + '>');
    }
    void line(const std::string& text) { out_ << std::string(2 * depth_, ' ') << text << '\n'; }

private:
    static std::string escaped(const std::string& text) {
        std::string all;
        for (const char c : text)
            all += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
        return all;
    }
    std::ostream& out_;
    size_t depth_ = 0;
};

const char* access_text(Access access) {
    return access == Access::RO ? "read-only" : access == Access::WO ? "write-only" : "read-write";
}

void print_field(const RegisterField& field, Xml& xml) {
    xml.open("field");
    xml.element("name", field.name);
    xml.element("description", field.text);
    xml.element("bitOffset", std::to_string(field.first_bit));
    xml.element("bitWidth", std::to_string(field.bits));
    if (!field.values.empty()) {
        xml.open("enumeratedValues");
        for (const FieldValue& v : field.values) {
            xml.open("enumeratedValue");
            xml.element("name", v.name);
            xml.element("description", v.text);
            xml.element("value", std::to_string(v.value));
            xml.close("enumeratedValue");
        }
        xml.close("enumeratedValues");
    }
    xml.close("field");
}

void print_register(const MappedRegister& r, uint32_t bytes, Xml& xml) {
    const uint32_t all = UINT32_MAX >> (32 - 8 * bytes);
    xml.open("register");
    xml.element("name", r.name);
    xml.element("description", r.text);
    xml.element("addressOffset", hex_text(r.offset));
    xml.element("size", std::to_string(8 * bytes));
    xml.element("access", access_text(r.access));
    xml.element("resetValue", hex_text(r.reset));
    xml.element("resetMask", hex_text(r.reset_mask & all));
    if (r.access == Access::W1C) xml.element("modifiedWriteValues", "oneToClear");
    if (r.access == Access::RWS) xml.element("readAction", "modify");
    if (!r.fields.empty()) {
        xml.open("fields");
        for (const RegisterField& field : r.fields) print_field(field, xml);
        xml.close("fields");
    }
    xml.close("register");
}

void print_group(const RegisterGroup& g, uint32_t bytes, Xml& xml) {
    xml.open("cluster");
    xml.element("dim", std::to_string(g.count));
    xml.element("dimIncrement", hex_text(g.stride));
    xml.element("dimIndex", std::to_string(g.first) + '-' + std::to_string(g.first + g.count - 1));
    xml.element("name", g.name + "%s");
    xml.element("description", g.text);
    xml.element("addressOffset", hex_text(g.offset + g.stride * g.first));
    for (const MappedRegister& r : g.registers) print_register(r, bytes, xml);
    xml.close("cluster");
}

void print_block(const MappedBlock& block, Xml& xml) {
    xml.open("peripheral");
    xml.element("name", block.name);
    xml.element("description", block.text);
    xml.element("baseAddress", hex_text(block.base, 8));
    xml.open("addressBlock");
    xml.element("offset", "0x0");
    xml.element("size", hex_text(block.bytes));
    xml.element("usage", "registers");
    xml.close("addressBlock");
    if (block.irq != 0) {
        xml.open("interrupt");
        xml.element("name", block.name);
        xml.element("description", "source at the PLIC");
        xml.element("value", std::to_string(block.irq));
        xml.close("interrupt");
    }
    xml.open("registers");
    for (const MappedRegister& r : block.registers) print_register(r, block.register_bytes, xml);
    for (const RegisterGroup& g : block.groups) print_group(g, block.register_bytes, xml);
    xml.close("registers");
    xml.close("peripheral");
}

}  // namespace

void print_registers_svd(std::ostream& out) {
    Xml xml(out);
    xml.line(R"(<?xml version="1.0" encoding="utf-8"?>)");
    xml.line("<!-- " + std::string(registers_origin) + " -->");
    xml.line(R"(<device schemaVersion="1.3" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" )"
             R"(xs:noNamespaceSchemaLocation="CMSIS-SVD.xsd">)");
    xml.element("name", "Karhunen");
    xml.element("version", "1.0");
    xml.element("description", "CNN accelerator that compresses its feature maps, RV32IMAC");
    xml.element("addressUnitBits", "8");
    xml.element("width", "32");
    xml.element("size", "32");
    xml.element("access", "read-write");
    xml.element("resetValue", "0x0");
    xml.element("resetMask", "0xFFFFFFFF");
    xml.open("peripherals");
    for (const MappedBlock& block : register_map()) print_block(block, xml);
    xml.close("peripherals");
    xml.line("</device>");
}

}  // namespace karhunen
