// What must stay as it is in a generic payload (IEEE 1666-2011, 14.7).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tlm>

namespace karhunen {

/// The attributes that the initiator sets, and the arrays nobody may write to.
struct PayloadRecord {
    uint64_t address = 0;

    PayloadRecord() = default;
    explicit PayloadRecord(const tlm::tlm_generic_payload& payload);
    /// Which attributes differ now, the address apart; empty: none.
    std::string changes(const tlm::tlm_generic_payload& payload) const;

private:
    tlm::tlm_command command_ = tlm::TLM_IGNORE_COMMAND;
    const unsigned char *data_ = nullptr, *enable_ = nullptr;
    unsigned length_ = 0, enable_length_ = 0, streaming_width_ = 0;
    tlm::tlm_gp_option option_ = tlm::TLM_MIN_PAYLOAD;
    std::vector<unsigned char> written_, enables_;
};

/// What the target sets, and may not change once it has responded (14.7 g).
struct PayloadResponse {
    PayloadResponse() = default;
    explicit PayloadResponse(const tlm::tlm_generic_payload& payload);
    std::string changes(const tlm::tlm_generic_payload& payload) const;

private:
    tlm::tlm_response_status status_ = tlm::TLM_INCOMPLETE_RESPONSE;
    bool dmi_allowed_ = false;
    std::vector<unsigned char> read_;
};

}  // namespace karhunen
