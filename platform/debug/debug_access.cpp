#include "platform/debug/debug_access.h"

#include <algorithm>
#include <cstring>

namespace karhunen::debug {

namespace {

bool transfer(Machine& machine, tlm::tlm_command command, uint32_t address, char* data,
              uint32_t bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(data));
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    return machine.cpu.socket->transport_dbg(payload) == bytes;
}

/// Registers are read as words, those of the UART as bytes. Returns how many bytes.
uint32_t read_piece(Machine& machine, uint32_t address, char* data, uint32_t most) {
    char word[4];
    const uint32_t skipped = address % 4;
    if (transfer(machine, tlm::TLM_READ_COMMAND, address - skipped, word, 4)) {
        const uint32_t count = std::min(4 - skipped, most);
        std::memcpy(data, word + skipped, count);
        return count;
    }
    return transfer(machine, tlm::TLM_READ_COMMAND, address, data, 1) ? 1 : 0;
}

}  // namespace

std::string debug_read(Machine& machine, uint32_t address, uint32_t bytes) {
    std::string data(bytes, '\0');
    if (transfer(machine, tlm::TLM_READ_COMMAND, address, data.data(), bytes)) return data;
    uint32_t done = 0;
    while (done < bytes) {
        const uint32_t count = read_piece(machine, address + done, &data[done], bytes - done);
        if (count == 0) break;
        done += count;
    }
    data.resize(done);
    return data;
}

bool debug_write(Machine& machine, uint32_t address, std::string_view bytes) {
    std::string data(bytes);
    const auto size = static_cast<uint32_t>(data.size());
    if (transfer(machine, tlm::TLM_WRITE_COMMAND, address, data.data(), size)) return true;
    if (address % 4 != 0 || size % 4 != 0) return false;
    for (uint32_t done = 0; done < size; done += 4)
        if (!transfer(machine, tlm::TLM_WRITE_COMMAND, address + done, &data[done], 4))
            return false;
    return size != 0;
}

}  // namespace karhunen::debug
