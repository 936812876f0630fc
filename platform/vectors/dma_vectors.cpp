#include "platform/vectors/dma_vectors.h"

#include <algorithm>
#include <iterator>

namespace karhunen::vectors {

namespace {

constexpr uint32_t word_bytes = 4;

/// Calls use(address, bytes) for the places of a 2-D block.
template <typename Use>
void for_rows(uint32_t address, uint32_t stride, uint32_t bytes, uint32_t rows, Use&& use) {
    for (uint32_t row = 0; row < rows; ++row) use(address + uint64_t{row} * stride, bytes);
}

VectorFile memory_file(const char* name, const char* role, std::vector<Segment> segments) {
    uint64_t bytes = 0;
    for (const Segment& s : segments) bytes += s.bytes.size();
    return {
        name, role, "u8", {bytes}, "byte, segment after segment", word_bytes, std::move(segments)};
}

Json fields_of(const krhn_dma_descriptor& d) {
    constexpr const char* kinds[] = {"copy", "load", "stream_in", "stream_out"};
    Json json{{"kind", kinds[d.kind]},
              {"port", d.port},
              {"source", d.source},
              {"destination", d.destination},
              {"row_bytes", d.row_bytes},
              {"rows", d.rows},
              {"source_stride", d.source_stride},
              {"destination_stride", d.destination_stride},
              {"tile_entry", d.tile_entry},
              {"entry_offset", d.entry_offset},
              {"values", d.values},
              {"crc32", d.crc32},
              {"n_streams", d.n_streams}};
    json["bytes"] = std::vector<uint32_t>(d.bytes, d.bytes + std::min(d.n_streams, 12u));
    return json;
}

}  // namespace

void MemoryImage::add(uint64_t address, std::span<const uint8_t> bytes) {
    auto at = segments_.upper_bound(address);
    const auto before = at == segments_.begin() ? segments_.end() : std::prev(at);
    if (before != segments_.end() && before->first + before->second.size() >= address)
        at = before;
    else
        at = segments_.emplace(address, std::vector<uint8_t>()).first;
    std::vector<uint8_t>& data = at->second;
    const uint64_t known = at->first + data.size() - address;
    if (known < bytes.size())
        data.insert(data.end(), bytes.begin() + static_cast<ptrdiff_t>(known), bytes.end());
    // What it reaches now becomes a part of it.
    for (auto next = std::next(at);
         next != segments_.end() && next->first <= at->first + data.size();
         next = segments_.erase(next)) {
        const uint64_t place = next->first - at->first;
        data.resize(std::max(data.size(), place + next->second.size()));
        std::copy(next->second.begin(), next->second.end(),
                  data.begin() + static_cast<ptrdiff_t>(place));
    }
}

std::vector<Segment> MemoryImage::segments() const {
    std::vector<Segment> all;
    for (const auto& [address, bytes] : segments_) all.push_back({address, bytes});
    return all;
}

/// Whole words, as they are in the hex file.
void DmaRecorder::keep(MemoryImage& image, uint64_t address, uint64_t bytes) {
    const uint64_t first = address / word_bytes * word_bytes;
    const uint64_t end = (address + bytes + word_bytes - 1) / word_bytes * word_bytes;
    image.add(first, read_(first, end - first));
}

void DmaRecorder::keep_before(MemoryImage& image, const krhn_dma_descriptor& d) {
    const auto use = [&](uint64_t address, uint64_t bytes) { keep(image, address, bytes); };
    if (d.kind == KRHN_DMA_STREAM_IN)
        for (uint32_t s = 0; s < d.n_streams; ++s)
            use(d.source + uint64_t{s} * d.source_stride, d.bytes[s]);
    if (d.kind == KRHN_DMA_COPY || d.kind == KRHN_DMA_LOAD)
        for_rows(d.source, d.source_stride, d.row_bytes, d.rows, use);
    if (d.kind == KRHN_DMA_COPY)
        for_rows(d.destination, d.destination_stride, d.row_bytes, d.rows, use);
    if (d.kind == KRHN_DMA_STREAM_OUT) {
        for_rows(d.destination, d.destination_stride, d.destination_stride, d.n_streams, use);
        use(d.tile_entry, sizeof(krhn_tile_entry));
    }
}

void DmaRecorder::on_begin(uint32_t channel, uint32_t address, const krhn_dma_descriptor& d) {
    std::optional<DmaChain>& chain = running_[channel];
    other_[channel] = other_[channel] || (!chain && d.tag != tag_);
    if (!other_[channel]) {
        if (!chain) chain.emplace(DmaChain{channel, address, {}, {}, {}});
        const uint32_t streams = d.kind == KRHN_DMA_COPY   ? 0
                                 : d.kind == KRHN_DMA_LOAD ? 1
                                                           : d.n_streams;
        chain->transfers.push_back({d, std::vector<std::vector<uint8_t>>(streams)});
        keep(chain->before, address, sizeof d);
        keep_before(chain->before, d);
    }
    if (d.next == 0) other_[channel] = false;
}

void DmaRecorder::on_port(uint32_t channel, uint32_t stream, std::span<const uint8_t> bytes) {
    if (!running_[channel]) return;
    std::vector<uint8_t>& port = running_[channel]->transfers.back().port[stream];
    port.insert(port.end(), bytes.begin(), bytes.end());
}

void DmaRecorder::on_end(uint32_t channel) {
    std::optional<DmaChain>& chain = running_[channel];
    if (!chain || chain->transfers.back().descriptor.next != 0) return;
    for (const Segment& s : chain->before.segments()) {
        const std::span<const uint8_t> now = read_(s.address, s.bytes.size());
        chain->after.push_back({s.address, {now.begin(), now.end()}});
    }
    chains.push_back(std::move(*chain));
    chain.reset();
}

VectorCase dma_case(const DmaChain& chain) {
    VectorCase vectors{{}, {{"channel", chain.channel}, {"DESCRIPTOR", chain.first}}, {}, {}};
    vectors.files.push_back(memory_file("memory_before", "stimulus", chain.before.segments()));
    vectors.files.push_back(memory_file("memory_after", "expectation", chain.after));
    Json& transfers = vectors.job["transfers"] = Json::array();
    for (size_t t = 0; t < chain.transfers.size(); ++t) {
        const auto& [descriptor, port] = chain.transfers[t];
        transfers.push_back(fields_of(descriptor));
        const bool out = descriptor.kind == KRHN_DMA_STREAM_OUT;
        for (size_t s = 0; s < port.size(); ++s)
            vectors.files.push_back(bytes_file("port" + std::to_string(t) + "_" + std::to_string(s),
                                               out ? "stimulus" : "expectation", word_bytes,
                                               port[s]));
    }
    return vectors;
}

}  // namespace karhunen::vectors
