#include "tests/support/payload_record.h"

namespace karhunen {

namespace {

using Bytes = std::vector<unsigned char>;

Bytes copy(const unsigned char* from, unsigned bytes) {
    return from ? Bytes(from, from + bytes) : Bytes();
}

Bytes data_of(const tlm::tlm_generic_payload& p, tlm::tlm_command command) {
    return p.get_command() == command ? copy(p.get_data_ptr(), p.get_data_length()) : Bytes();
}

void add(std::string& list, bool differs, const char* name) {
    if (differs) list += (list.empty() ? "" : ", ") + std::string(name);
}

}  // namespace

PayloadRecord::PayloadRecord(const tlm::tlm_generic_payload& p)
    : address(p.get_address()),
      command_(p.get_command()),
      data_(p.get_data_ptr()),
      enable_(p.get_byte_enable_ptr()),
      length_(p.get_data_length()),
      enable_length_(p.get_byte_enable_length()),
      streaming_width_(p.get_streaming_width()),
      option_(p.get_gp_option()),
      written_(data_of(p, tlm::TLM_WRITE_COMMAND)),
      enables_(copy(enable_, enable_length_)) {}

std::string PayloadRecord::changes(const tlm::tlm_generic_payload& p) const {
    std::string list;
    add(list, p.get_command() != command_, "command");
    add(list, p.get_data_ptr() != data_, "data pointer");
    add(list, p.get_data_length() != length_, "data length");
    add(list, p.get_byte_enable_ptr() != enable_, "byte enable pointer");
    add(list, p.get_byte_enable_length() != enable_length_, "byte enable length");
    add(list, p.get_streaming_width() != streaming_width_, "streaming width");
    add(list, p.get_gp_option() != option_, "option");
    if (!list.empty()) return list;  // the arrays may be others
    add(list, data_of(p, tlm::TLM_WRITE_COMMAND) != written_, "written data");
    add(list, copy(enable_, enable_length_) != enables_, "byte enables");
    return list;
}

PayloadResponse::PayloadResponse(const tlm::tlm_generic_payload& p)
    : status_(p.get_response_status()),
      dmi_allowed_(p.is_dmi_allowed()),
      read_(data_of(p, tlm::TLM_READ_COMMAND)) {}

std::string PayloadResponse::changes(const tlm::tlm_generic_payload& p) const {
    std::string list;
    add(list, p.get_response_status() != status_, "response status");
    add(list, p.is_dmi_allowed() != dmi_allowed_, "DMI allowed");
    add(list, data_of(p, tlm::TLM_READ_COMMAND) != read_, "read data");
    return list;
}

}  // namespace karhunen
