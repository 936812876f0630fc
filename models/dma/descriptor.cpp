#include "models/dma/descriptor.h"

#include <iterator>
#include <sstream>

namespace karhunen {
namespace {

constexpr uint64_t address_space = uint64_t{1} << 32;

std::string value_text(const char* field, uint32_t value) {
    std::ostringstream out;
    out << field << " 0x" << std::hex << value;
    return out.str();
}

std::string not_zero(const char* field, uint32_t value) {
    return value == 0 ? std::string(field) + " is 0" : "";
}

std::string aligned(const char* field, uint32_t value) {
    return value % 4 == 0 ? "" : value_text(field, value) + " is no multiple of 4";
}

/// The first that says something.
template <typename... Texts>
std::string first_of(const Texts&... texts) {
    std::string first;
    ((first = first.empty() ? texts : first), ...);
    return first;
}

/// One end of a transfer, by the names of its fields.
struct Side {
    const char *address_name, *stride_name;
    uint32_t address, stride;
};
Side source_of(const krhn_dma_descriptor& d) {
    return {"source", "source_stride", d.source, d.source_stride};
}
Side destination_of(const krhn_dma_descriptor& d) {
    return {"destination", "destination_stride", d.destination, d.destination_stride};
}

/// `rows` pieces of at most `bytes`, `stride` apart: aligned, and below 4 GiB.
std::string fits(const Side& side, uint32_t rows, uint32_t bytes) {
    const uint64_t last = side.address + uint64_t{rows - 1} * (rows > 1 ? side.stride : 0);
    return first_of(aligned(side.address_name, side.address),
                    rows > 1 ? aligned(side.stride_name, side.stride) : "",
                    last + bytes > address_space
                        ? value_text(side.address_name, side.address) + ": the end is beyond 4 GiB"
                        : "");
}

std::string has_rows(const krhn_dma_descriptor& d) {
    return first_of(not_zero("row_bytes", d.row_bytes), not_zero("rows", d.rows));
}

std::string port_is_between(const krhn_dma_descriptor& d, uint32_t first, uint32_t last) {
    if (d.port >= first && d.port <= last) return "";
    return "port " + std::to_string(d.port) + " is none of " + name_of_dma_kind(d.kind) + ", " +
           std::to_string(first) + (first == last ? "" : " to " + std::to_string(last));
}

std::string has_streams(const krhn_dma_descriptor& d) {
    if (d.n_streams >= 1 && d.n_streams <= KRHN_MAX_STREAMS) return "";
    return "n_streams " + std::to_string(d.n_streams) + " is not from 1 to " +
           std::to_string(KRHN_MAX_STREAMS);
}

std::string streams_fit(const krhn_dma_descriptor& d) {
    for (uint32_t s = 0; s < d.n_streams; ++s)
        if (std::string defect = fits(source_of(d), s + 1, d.bytes[s]); !defect.empty())
            return defect;
    return "";
}

/// Of the fields that the kind uses. Those that count others are looked at before these.
std::string defect_of_transfer(const krhn_dma_descriptor& d) {
    std::string defect;
    switch (d.kind) {
        case KRHN_DMA_COPY:
            defect = has_rows(d);
            return defect.empty() ? first_of(fits(source_of(d), d.rows, d.row_bytes),
                                             fits(destination_of(d), d.rows, d.row_bytes))
                                  : defect;
        case KRHN_DMA_LOAD:
            defect = first_of(port_is_between(d, KRHN_PORT_WEIGHTS, KRHN_PORT_RESIDUAL_TABLE),
                              has_rows(d));
            return defect.empty() ? fits(source_of(d), d.rows, d.row_bytes) : defect;
        case KRHN_DMA_STREAM_IN:
            defect = first_of(port_is_between(d, KRHN_PORT_INPUT_STREAM, KRHN_PORT_RESIDUAL_STREAM),
                              has_streams(d));
            return defect.empty() ? streams_fit(d) : defect;
        case KRHN_DMA_STREAM_OUT:
            defect =
                first_of(port_is_between(d, KRHN_PORT_ENCODER_STREAM, KRHN_PORT_ENCODER_STREAM),
                         has_streams(d));
            if (!defect.empty()) return defect;
            return first_of(
                fits(destination_of(d), d.n_streams, d.n_streams > 1 ? d.destination_stride : 0),
                fits({"tile_entry", "", d.tile_entry, 0}, 1, sizeof(krhn_tile_entry)));
        default:
            return "kind " + std::to_string(d.kind) + " is not from 0 to 3";
    }
}

}  // namespace

std::string defect_of(const krhn_dma_descriptor& d) {
    return first_of(aligned("next", d.next), defect_of_transfer(d));
}

std::string name_of_dma_kind(uint32_t kind) {
    constexpr const char* names[] = {"COPY", "LOAD", "STREAM_IN", "STREAM_OUT"};
    return kind < std::size(names) ? names[kind] : "kind " + std::to_string(kind);
}

std::string name_of_dma_port(uint32_t port) {
    constexpr const char* names[] = {"weights",        "encoder table", "input table",
                                     "residual table", "input stream",  "residual stream",
                                     "encoder stream"};
    return port < std::size(names) ? names[port] : "port " + std::to_string(port);
}

TrafficKind traffic_of(const krhn_dma_descriptor& d) {
    if (d.kind == KRHN_DMA_LOAD)
        return d.port == KRHN_PORT_WEIGHTS ? TrafficKind::weights : TrafficKind::tables;
    return d.kind == KRHN_DMA_COPY ? TrafficKind::other : TrafficKind::maps;
}

}  // namespace karhunen
