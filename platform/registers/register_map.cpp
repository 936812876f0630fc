#include "platform/registers/register_map.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <span>
#include <string_view>

#include <karhunen/loadable.h>
#include <karhunen/registers.h>

#include "models/codec/codec.h"

namespace karhunen {

namespace {

struct FieldDescription {
    std::string_view block_register, name;
    uint32_t first_bit, bits;
    std::string_view text;
};
struct ValueDescription {
    std::string_view block_register, field;
    std::string name;
    uint32_t value;
    std::string_view text;
};
using Fields = std::vector<FieldDescription>;
using Values = std::vector<ValueDescription>;
using Registers = std::vector<MappedRegister>;

#define FIELD(where, name, first, bits, text) FieldDescription{#where, #name, first, bits, text},
#define VALUE(where, field, name, value, text) ValueDescription{#where, #field, #name, value, text},

/// What only the machine's configuration tells.
enum class Resets { described, configured };

Registers registers_of(std::initializer_list<RegisterDescription> list, const Fields& fields = {},
                       const Values& values = {}, Resets resets = Resets::described) {
    Registers all;
    for (const RegisterDescription& d : list) {
        MappedRegister r{std::string(d.name),
                         d.offset,
                         d.access,
                         d.reset,
                         resets == Resets::configured ? 0 : UINT32_MAX,
                         std::string(d.text),
                         {}};
        for (const FieldDescription& f : fields) {
            if (f.block_register != d.name) continue;
            RegisterField field{std::string(f.name), f.first_bit, f.bits, std::string(f.text), {}};
            for (const ValueDescription& v : values)
                if (v.block_register == d.name && v.field == f.name)
                    field.values.push_back({v.name, v.value, std::string(v.text)});
            r.fields.push_back(std::move(field));
        }
        all.push_back(std::move(r));
    }
    return all;
}

Registers operator+(Registers a, const Registers& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// The registers at the start of a block at KRHN_BLOCK(n).
Registers common(uint32_t base, const Fields& fields) {
    Registers all = registers_of({KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)}, fields);
    all.front().reset = uint32_t{'K'} << 24 | (base - KRHN_BLOCK_BASE) / KRHN_BLOCK_BYTES << 8 | 1;
    return all;
}

MappedBlock block(const char* name, uint32_t base, uint32_t irq, const char* text,
                  Registers registers) {
    return {name, base, KRHN_BLOCK_BYTES, 4, irq, text, std::move(registers), {}};
}

const Fields id_fields = {KRHN_ID_FIELDS(FIELD, ID)};

MappedBlock job_block(const char* name, uint32_t base, uint32_t irq, const char* text,
                      const Registers& parameters) {
    Fields fields = id_fields;
    for (const Fields& more :
         {Fields{KRHN_CONTROL_FIELDS(FIELD, CONTROL)}, Fields{KRHN_STATUS_FIELDS(FIELD, STATUS)},
          Fields{KRHN_IRQ_FIELDS(FIELD, IRQ_STATUS)}, Fields{KRHN_IRQ_FIELDS(FIELD, IRQ_ENABLE)},
          Fields{KRHN_ERROR_FIELDS(FIELD, ERROR)}})
        fields.insert(fields.end(), more.begin(), more.end());
    return block(name, base, irq, text, common(base, fields) + parameters);
}

MappedBlock dma() {
    Fields fields = id_fields;
    for (const Fields& more :
         {Fields{{"CONTROL", "RESET", 1, 1, "resets every channel"},
                 {"STATUS", "BUSY", 0, 1, "a channel is busy"}},
          Fields{KRHN_DMA_IRQ_FIELDS(FIELD, IRQ_STATUS)},
          Fields{KRHN_DMA_IRQ_FIELDS(FIELD, IRQ_ENABLE)}, Fields{KRHN_ERROR_FIELDS(FIELD, ERROR)}})
        fields.insert(fields.end(), more.begin(), more.end());
    MappedBlock dma = block("DMA", KRHN_DMA_BASE, KRHN_IRQ_DMA, "moves weights, tables and streams",
                            common(KRHN_DMA_BASE, fields));
    dma.groups.push_back(
        {"CHANNEL", KRHN_DMA_CHANNEL(0), KRHN_DMA_CHANNEL_BYTES, 0, KRHN_DMA_CHANNELS,
         "a running chain of descriptors and a shadow chain",
         registers_of({KRHN_DMA_CHANNEL_REGISTERS(KARHUNEN_DESCRIBE)},
                      {KRHN_CONTROL_FIELDS(FIELD, CHANNEL_CONTROL) KRHN_STATUS_FIELDS(
                          FIELD, CHANNEL_STATUS) KRHN_ERROR_FIELDS(FIELD, CHANNEL_ERROR)})});
    return dma;
}

/// "dct-mask" as a constant of C is called.
std::string c_name(std::string_view name) {
    std::string word(name);
    for (char& c : word)
        c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return word;
}

/// Of encoder and decoders.
Values codec_values() {
    Values values = {{"FORMAT", "FORMAT", "U8", KRHN_FORMAT_U8, "rectified map"},
                     {"FORMAT", "FORMAT", "S8", KRHN_FORMAT_S8, "signed map"},
                     {"FORMAT", "FORMAT", "S12", KRHN_FORMAT_S12, "before ReLU; 2 bytes"},
                     {"FORMAT", "FORMAT", "S32", KRHN_FORMAT_S32, "logits; 4 bytes"}};
    for (const std::string_view name : codec_names())
        values.push_back({"CODEC", "CODEC", c_name(name), codec_number(name), "see models/codec"});
    return values;
}

Registers codec_registers(std::initializer_list<RegisterDescription> list) {
    return registers_of(
        list,
        {KRHN_CODEC_FLAGS_FIELDS(FIELD, FLAGS){"CODEC", "CODEC", 0, 32, "krhn_codec"},
         {"FORMAT", "FORMAT", 0, 32, "krhn_format"}},
        codec_values());
}

MappedBlock codec_block(const char* name, uint32_t base, uint32_t irq, const char* text) {
    return job_block(name, base, irq, text,
                     base == KRHN_ENCODER_BASE
                         ? codec_registers({KRHN_ENCODER_REGISTERS(KARHUNEN_DESCRIBE)})
                         : codec_registers({KRHN_DECODER_REGISTERS(KARHUNEN_DESCRIBE)}));
}

MappedBlock compute_array() {
    return job_block(
        "COMPUTE_ARRAY", KRHN_COMPUTE_ARRAY_BASE, KRHN_IRQ_COMPUTE_ARRAY, "convolutions",
        registers_of(
            {KRHN_COMPUTE_ARRAY_REGISTERS(KARHUNEN_DESCRIBE)},
            {KRHN_ARRAY_KIND_FIELDS(FIELD, KIND) KRHN_PAIR_FIELDS(FIELD, KERNEL)
                 KRHN_PAIR_FIELDS(FIELD, STRIDE) KRHN_PAIR_FIELDS(FIELD, PADDING)
                     KRHN_PAIR_FIELDS(FIELD, DILATION) KRHN_ARRAY_FLAGS_FIELDS(FIELD, FLAGS)},
            {KRHN_ARRAY_KIND_VALUES(VALUE, KIND)}));
}

MappedBlock plic() {
    Registers registers = registers_of({KRHN_PLIC_REGISTERS(KARHUNEN_DESCRIBE)},
                                       {KRHN_SOURCES_FIELDS(FIELD, PENDING) KRHN_SOURCES_FIELDS(
                                           FIELD, ENABLE) KRHN_PRIORITY_FIELDS(FIELD, THRESHOLD)});
    return {"PLIC",
            KRHN_PLIC_BASE,
            KRHN_PLIC_BYTES,
            4,
            0,
            "interrupt controller",
            std::move(registers),
            {{"SOURCE", 0, KRHN_PLIC_SOURCE_BYTES, 1, KRHN_IRQ_SOURCES - 1, "an interrupt source",
              registers_of({KRHN_PLIC_SOURCE_REGISTERS(KARHUNEN_DESCRIBE)},
                           {KRHN_PRIORITY_FIELDS(FIELD, PRIORITY)})}}};
}

MappedBlock uart() {
    return {"UART",
            KRHN_UART_BASE,
            KRHN_UART_BYTES,
            1,
            KRHN_IRQ_UART,
            "serial port (16550)",
            registers_of({KRHN_UART_REGISTERS(KARHUNEN_DESCRIBE)},
                         {KRHN_IER_FIELDS(FIELD, IER) KRHN_LCR_FIELDS(FIELD, LCR)
                              KRHN_MCR_FIELDS(FIELD, MCR) KRHN_LSR_FIELDS(FIELD, LSR)}),
            {}};
}

MappedBlock ddr_controller() {
    const Registers all =
        common(KRHN_DDR_CONTROLLER_BASE,
               {KRHN_ID_FIELDS(FIELD, ID){"STATUS", "BUSY", 0, 1, "a request is pending"}});
    Registers some;
    for (const MappedRegister& r : all)
        if (r.offset == KRHN_ID || r.offset == KRHN_STATUS) some.push_back(r);
    return block("DDR_CONTROLLER", KRHN_DDR_CONTROLLER_BASE, KRHN_IRQ_DDR_CONTROLLER,
                 "the memory's size and traffic",
                 some + registers_of({KRHN_DDR_CONTROLLER_REGISTERS(KARHUNEN_DESCRIBE)}, {}, {},
                                     Resets::configured));
}

std::vector<MappedBlock> make_map() {
    return {
        {"SIMULATION_CONTROL",
         KRHN_SIMULATION_CONTROL_BASE,
         KRHN_SIMULATION_CONTROL_BYTES,
         4,
         0,
         "ends the simulation",
         registers_of({KRHN_SIMULATION_CONTROL_REGISTERS(KARHUNEN_DESCRIBE)}),
         {}},
        {"CLINT",
         KRHN_CLINT_BASE,
         KRHN_CLINT_BYTES,
         4,
         0,
         "timer and software interrupt",
         registers_of({KRHN_CLINT_REGISTERS(KARHUNEN_DESCRIBE)}, {KRHN_MSIP_FIELDS(FIELD, MSIP)}),
         {}},
        plic(),
        uart(),
        dma(),
        ddr_controller(),
        codec_block("INPUT_DECODER", KRHN_INPUT_DECODER_BASE, KRHN_IRQ_INPUT_DECODER,
                    "streams to rows of the activation buffer"),
        codec_block("RESIDUAL_DECODER", KRHN_RESIDUAL_DECODER_BASE, KRHN_IRQ_RESIDUAL_DECODER,
                    "streams to rows of the residual buffer"),
        compute_array(),
        job_block(
            "POST_PROCESSING", KRHN_POST_PROCESSING_BASE, KRHN_IRQ_POST_PROCESSING,
            "bias, requantisation, addition, ReLU, pooling",
            registers_of({KRHN_POST_PROCESSING_REGISTERS(KARHUNEN_DESCRIBE)},
                         {KRHN_POST_FLAGS_FIELDS(FIELD, FLAGS) KRHN_POOL_FIELDS(FIELD, POOL)})),
        codec_block("ENCODER", KRHN_ENCODER_BASE, KRHN_IRQ_ENCODER,
                    "rows of the output buffer to streams"),
        block("BUFFERS", KRHN_BUFFERS_BASE, 0, "sizes of the buffers on the chip",
              common(KRHN_BUFFERS_BASE, id_fields) +
                  registers_of({KRHN_BUFFERS_REGISTERS(KARHUNEN_DESCRIBE)}, {}, {},
                               Resets::configured)),
    };
}

std::vector<RegisterPlace> make_places() {
    std::vector<RegisterPlace> places;
    for (const MappedBlock& block : register_map()) {
        for (const MappedRegister& r : block.registers)
            places.push_back(
                {block.name + '.' + r.name, block.base + r.offset, block.register_bytes, &r});
        for (const RegisterGroup& g : block.groups)
            for (uint32_t n = g.first; n < g.first + g.count; ++n)
                for (const MappedRegister& r : g.registers)
                    places.push_back({block.name + '.' + g.name + std::to_string(n) + '.' + r.name,
                                      block.base + g.offset + g.stride * n + r.offset,
                                      block.register_bytes, &r});
    }
    std::sort(places.begin(), places.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    return places;
}

}  // namespace

const std::vector<MappedBlock>& register_map() {
    static const std::vector<MappedBlock> map = make_map();
    return map;
}

const std::vector<RegisterPlace>& register_places() {
    static const std::vector<RegisterPlace> places = make_places();
    return places;
}

const RegisterPlace* find_register(std::string_view name) {
    static const auto by_name = [] {
        std::map<std::string_view, const RegisterPlace*> map;
        for (const RegisterPlace& place : register_places()) map.emplace(place.name, &place);
        return map;
    }();
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
}

const RegisterPlace* find_register(uint32_t address) {
    const auto& places = register_places();
    const auto found =
        std::lower_bound(places.begin(), places.end(), address,
                         [](const RegisterPlace& place, uint32_t a) { return place.address < a; });
    return found == places.end() || found->address != address ? nullptr : &*found;
}

std::string interrupt_name(uint32_t source) {
    for (const MappedBlock& block : register_map())
        if (source != 0 && block.irq == source) return block.name;
    return "";
}

uint32_t interrupt_number(std::string_view name) {
    for (const MappedBlock& block : register_map())
        if (block.name == name) return block.irq;
    return 0;
}

}  // namespace karhunen
