// Encoder and decoders of a run.
#include <optional>

#include "platform/band_map.h"
#include "platform/internal_error.h"
#include "platform/vectors/capture.h"
#include "platform/vectors/codec_vectors.h"

namespace karhunen::vectors {

namespace {

/// A band in memory.
struct StoredAt {
    BandPlace place;
    krhn_tile_entry entry;
};

std::string case_name(const std::string& block, const BandPlace& place) {
    std::string name =
        block + "_" + (place.image ? "image" + std::to_string(place.image) + "_" : "");
    return name + "tensor" + std::to_string(place.tensor) + "_band" + std::to_string(place.band);
}

/// Bands of one unit with where they are in memory, which the DMA is told in the same order.
void add_cases(const std::string& block, const Loadable& loadable,
               const std::vector<CodedBand>& bands, const std::vector<StoredAt>& stored,
               std::vector<VectorCase>& cases) {
    if (bands.size() != stored.size())
        throw InternalError("the " + block + " coded other bands than the DMA moved");
    for (size_t i = 0; i < bands.size(); ++i) {
        const auto& [place, entry] = stored[i];
        const krhn_tile_entry expected = tile_entry_of(bands[i], entry.offset);
        if (expected.crc32 != entry.crc32 || expected.values != entry.values)
            throw InternalError("the " + block + " coded another band than the DMA moved");
        const krhn_tensor& t = loadable.tensors()[place.tensor];
        const bool decoded = bands[i].decoded;
        const size_t table = decoded ? t.table_bytes : krhn_encoder_table_bytes(&t);
        VectorCase vectors = codec_case(bands[i], loadable.table(t).first(table), entry);
        vectors.name = case_name(block, place);
        vectors.tile = tile_of(loadable, place);
        vectors.files.front().scale = decoded ? t.scale : t.stored_scale;
        cases.push_back(std::move(vectors));
    }
}

class EncoderCapture : public Capture {
public:
    explicit EncoderCapture(uint32_t layer) : layer_(layer) {}

    void prepare(const RunSubject& subject, DataPath& data) override {
        loadable_ = &subject.loadable;
        map_.emplace(*loadable_, subject.images);
        data.encoder = watched_coders(std::move(data.encoder), layer_, bands_);
    }
    void on_band_stored(uint32_t address, const krhn_tile_entry& entry) override {
        const auto place = map_->of_entry(address - KRHN_DDR_BASE);
        if (place && place->tensor == loadable_->layers()[layer_].output)
            stored_.push_back({*place, entry});
    }
    std::vector<VectorCase> take() override {
        std::vector<VectorCase> cases;
        add_cases("encoder", *loadable_, bands_, stored_, cases);
        return cases;
    }

private:
    const uint32_t layer_;
    const Loadable* loadable_ = nullptr;
    std::optional<BandMap> map_;
    std::vector<CodedBand> bands_;
    std::vector<StoredAt> stored_;
};

class DecoderCapture : public Capture {
public:
    explicit DecoderCapture(uint32_t layer) : layer_(layer) {}

    void prepare(const RunSubject& subject, DataPath& data) override {
        loadable_ = &subject.loadable;
        map_.emplace(*loadable_, subject.images);
        data.input_decoder = watched_coders(std::move(data.input_decoder), layer_, input_.bands);
        data.residual_decoder =
            watched_coders(std::move(data.residual_decoder), layer_, residual_.bands);
    }
    void on_band_load(uint32_t source, const krhn_dma_descriptor& d) override {
        const auto place = map_->of_slot(source - KRHN_DDR_BASE);
        if (!place || d.tag != layer_) return;
        krhn_tile_entry entry{source - KRHN_DDR_BASE, d.values, d.crc32, d.n_streams, {}};
        std::copy_n(d.bytes, d.n_streams, entry.bytes);
        (d.port == KRHN_PORT_INPUT_STREAM ? input_ : residual_).stored.push_back({*place, entry});
    }
    std::vector<VectorCase> take() override {
        std::vector<VectorCase> cases;
        add_cases("input_decoder", *loadable_, input_.bands, input_.stored, cases);
        add_cases("residual_decoder", *loadable_, residual_.bands, residual_.stored, cases);
        return cases;
    }

private:
    struct Unit {
        std::vector<CodedBand> bands;
        std::vector<StoredAt> stored;
    };
    const uint32_t layer_;
    const Loadable* loadable_ = nullptr;
    std::optional<BandMap> map_;
    Unit input_, residual_;
};

}  // namespace

std::unique_ptr<Capture> encoder_capture(uint32_t layer) {
    return std::make_unique<EncoderCapture>(layer);
}

std::unique_ptr<Capture> decoder_capture(uint32_t layer) {
    return std::make_unique<DecoderCapture>(layer);
}

}  // namespace karhunen::vectors
