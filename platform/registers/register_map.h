// All registers of the machine, put together from the lists of <karhunen/registers.h>: which lists
// make up which block. No SystemC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/interfaces/register_description.h"

namespace karhunen {

struct FieldValue {
    std::string name;
    uint32_t value;
    std::string text;
};

struct RegisterField {
    std::string name;
    uint32_t first_bit, bits;
    std::string text;
    std::vector<FieldValue> values;

    uint32_t mask() const { return UINT32_MAX >> (32 - bits) << first_bit; }
};

struct MappedRegister {
    std::string name;
    uint32_t offset;  ///< in its block or group
    Access access;
    uint32_t reset, reset_mask;  ///< bits that the configuration decides are 0 in reset_mask
    std::string text;
    std::vector<RegisterField> fields;
};

/// Registers that a block has several times: CHANNEL0 ... CHANNEL7.
struct RegisterGroup {
    std::string name;
    uint32_t offset, stride, first, count;  ///< element n, from `first` on, is at offset + stride n
    std::string text;
    std::vector<MappedRegister> registers;
};

struct MappedBlock {
    std::string name;
    uint32_t base, bytes;
    uint32_t register_bytes;
    uint32_t irq;  ///< at the PLIC; 0: none
    std::string text;
    std::vector<MappedRegister> registers;
    std::vector<RegisterGroup> groups;
};

/// In the order of their addresses.
const std::vector<MappedBlock>& register_map();

/// One register of the machine.
struct RegisterPlace {
    std::string name;  ///< "DMA.CHANNEL6.DESCRIPTOR"
    uint32_t address, bytes;
    const MappedRegister* description;
};

/// All, by address.
const std::vector<RegisterPlace>& register_places();
/// Null: there is none.
const RegisterPlace* find_register(std::string_view name);
const RegisterPlace* find_register(uint32_t address);

/// "DMA"; "" if the source is none or has no register. And back; 0: there is none.
std::string interrupt_name(uint32_t source);
uint32_t interrupt_number(std::string_view name);

}  // namespace karhunen
