#include "platform/cosimulation/cosimulation.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <vector>

#include "models/codec/transform_codec.h"
#include "platform/band_map.h"
#include "platform/cosimulation/band_coders_rtl.h"
#include "platform/cosimulation/report.h"
#include "platform/exit_code.h"
#include "platform/layer_number.h"

namespace karhunen::rtl {

namespace {

constexpr std::array<const char*, units> unit_names = {"encoder", "input decoder",
                                                       "residual decoder"};

/// What the coders of the three units share.
struct Shared {
    Settings settings;
    std::set<uint32_t> layers;  ///< numbers of settings.layers
    Findings findings;
};

/// The modes of the blocks that work on such bands in such a unit.
Modes modes_of(const Modes& wanted, uint32_t codec, bool transforms, bool encodes) {
    Modes modes{};
    const auto take = [&](Block block) { modes[index_of(block)] = wanted[index_of(block)]; };
    const bool symbols = codec == KRHN_CODEC_VLC || codec == KRHN_CODEC_TRANSFORM;
    if (symbols && encodes && transforms) take(Block::pca_unit);
    if (symbols) take(encodes ? Block::huffman_encoder : Block::huffman_decoder);
    if (codec == KRHN_CODEC_EBPC && encodes) take(Block::ebpc_encoder);
    return modes;
}

bool any(const Modes& modes) {
    return std::ranges::any_of(modes, [](Mode m) { return m != Mode::model; });
}

/// Coders of one unit: of the codec, where no block of RTL is asked for or one has failed.
class RtlCoders : public BandCoders {
public:
    RtlCoders(Unit unit, std::shared_ptr<Shared> shared)
        : shared_(std::move(shared)),
          unit_(unit),
          instances_(shared_->settings.seed == 0
                         ? 0
                         : shared_->settings.seed + 1'000'003 * static_cast<uint32_t>(unit)) {}

    std::unique_ptr<BandEncoder> encoder(const Codec& codec, const CodecJob& job) override {
        const BandSubject band = subject(codec, job);
        auto model = codec.encoder(job.shape(), job.streams);  // and checks the shape
        if (!any(band.modes)) return model;
        if (job.codec == KRHN_CODEC_EBPC)
            return ebpc_band_encoder(band, instances_, shared_->findings);
        return symbol_encoder(dynamic_cast<const SymbolCodec&>(codec), band, instances_,
                              shared_->findings);
    }
    std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) override {
        const BandSubject band = subject(codec, job);
        auto model = codec.decoder(job.shape(), job.streams);
        if (!any(band.modes)) return model;
        return symbol_decoder(dynamic_cast<const SymbolCodec&>(codec), band, std::move(model),
                              instances_, shared_->findings);
    }

private:
    BandSubject subject(const Codec& codec, const CodecJob& job) {
        BandSubject band;
        band.job = {unit_, jobs_++, job.tag};
        band.shape = job.shape();
        band.streams = job.streams;
        const auto* symbols = dynamic_cast<const SymbolCodec*>(&codec);
        if (symbols) band.shape = symbols->symbol_shape(band.shape);
        const bool transforms =
            symbols && symbols->transform() != nullptr && !symbols->transform()->folded;
        const Settings& s = shared_->settings;
        const bool wanted = (s.layers.empty() || shared_->layers.contains(job.tag)) &&
                            of_layer_[job.tag]++ < s.bands && !shared_->findings.first();
        if (wanted) band.modes = modes_of(s.modes, job.codec, transforms, unit_ == Unit::encoder);
        return band;
    }

    std::shared_ptr<Shared> shared_;
    Unit unit_;
    Instances instances_;
    size_t jobs_ = 0;
    std::map<uint32_t, uint64_t> of_layer_;  ///< jobs
};

class Cosimulation : public Instrument {
public:
    explicit Cosimulation(const Settings& settings) : shared_(std::make_shared<Shared>()) {
        shared_->settings = settings;
    }

    void prepare(const RunSubject& subject, DataPath& data) override {
        if (data.values == Values::skipped)
            throw std::runtime_error("--rtl needs values, which a replay does not have");
        loadable_ = &subject.loadable;
        bands_.emplace(subject.loadable, subject.images);
        find_layers();
        check_uses();
        data.encoder = std::make_unique<RtlCoders>(Unit::encoder, shared_);
        data.input_decoder = std::make_unique<RtlCoders>(Unit::input_decoder, shared_);
        data.residual_decoder = std::make_unique<RtlCoders>(Unit::residual_decoder, shared_);
    }
    void on_band_stored(uint32_t entry_address, const krhn_tile_entry&) override {
        places_of(Unit::encoder).push_back(bands_->of_entry(entry_address - KRHN_DDR_BASE));
    }
    void on_band_load(uint32_t source, const krhn_dma_descriptor& descriptor) override {
        places_of(descriptor.port == KRHN_PORT_INPUT_STREAM ? Unit::input_decoder
                                                            : Unit::residual_decoder)
            .push_back(bands_->of_slot(source - KRHN_DDR_BASE));
    }
    void finish(Machine&, RunReport& report) override;

private:
    using Places = std::vector<std::optional<BandPlace>>;
    Places& places_of(Unit unit) { return places_[static_cast<size_t>(unit)]; }
    Mode mode(Block block) const { return shared_->settings.modes[index_of(block)]; }

    void find_layers();
    void check_uses() const;
    std::string text_of(const Mismatch& mismatch) const;

    std::shared_ptr<Shared> shared_;
    const Loadable* loadable_ = nullptr;
    std::optional<BandMap> bands_;
    std::array<Places, units> places_;  ///< of the bands in the order of each unit's jobs
};

void Cosimulation::find_layers() {
    for (const std::string& layer : shared_->settings.layers)
        shared_->layers.insert(layer_number(*loadable_, layer, "--rtl-layers"));
}

/// A run in which a block that was asked for has nothing to do would seem to confirm it.
void Cosimulation::check_uses() const {
    std::array<bool, blocks> used{};
    const auto note = [&](uint32_t number, uint32_t layer, bool encodes) {
        if (number == KRHN_NONE) return;
        if (!shared_->settings.layers.empty() && !shared_->layers.contains(layer)) return;
        const krhn_tensor& tensor = loadable_->tensors()[number];
        bool transforms = tensor.codec == KRHN_CODEC_TRANSFORM;
        if (transforms) transforms = folded_encoder_bytes(loadable_->table(tensor)) == 0;
        const Modes modes = modes_of(shared_->settings.modes, tensor.codec, transforms, encodes);
        for (size_t b = 0; b < blocks; ++b) used[b] = used[b] || modes[b] != Mode::model;
    };
    for (uint32_t i = 0; i < loadable_->layers().size(); ++i) {
        const krhn_layer& layer = loadable_->layers()[i];
        note(layer.output, i, true);
        note(layer.residual, i, false);
        for (uint32_t o = 0; o < layer.operations; ++o)
            note(loadable_->operation(layer, o).input, i, false);
    }
    for (size_t b = 0; b < blocks; ++b)
        if (!shared_->settings.all_that_fit && mode(Block(b)) != Mode::model && !used[b])
            throw std::runtime_error(std::string("--rtl: no map of these layers goes through ") +
                                     block_names[b]);
    if (std::ranges::none_of(used, std::identity()))
        throw std::runtime_error("--rtl: no map of these layers goes through a block in RTL");
}

std::string Cosimulation::text_of(const Mismatch& m) const {
    const Places& places = places_[static_cast<size_t>(m.job.unit)];
    std::string text = std::string(block_names[index_of(m.block)]) + " in the " +
                       unit_names[static_cast<size_t>(m.job.unit)] + ", layer " +
                       std::string(loadable_->name(loadable_->layers()[m.job.layer]));
    uint32_t first_row = 0;
    if (m.job.number < places.size() && places[m.job.number]) {
        const BandPlace& place = *places[m.job.number];
        const krhn_tensor& tensor = loadable_->tensors()[place.tensor];
        first_row = place.band * tensor.band_rows;
        text += ", tensor " + std::string(loadable_->name(tensor)) + ", image " +
                std::to_string(place.image) + ", band " + std::to_string(place.band) + " of " +
                std::to_string(tensor.bands);
    } else {
        text += ", band that never reached memory, number " + std::to_string(m.job.number) +
                " of the unit, rows counted from its first";
    }
    if (m.position)
        text += std::string(", ") + m.channels + ' ' + std::to_string(m.position->channel) +
                ", row " + std::to_string(first_row + m.position->row) + ", column " +
                std::to_string(m.position->column);
    else
        text += ", behind the last value";
    if (!m.instance.empty()) text += ", " + m.instance;
    return text + ", clock " + std::to_string(m.clock) + ": " + m.what;
}

void Cosimulation::finish(Machine&, RunReport& report) {
    RtlReport& rtl = report.rtl.emplace();
    rtl.seed = shared_->settings.seed;
    for (size_t b = 0; b < blocks; ++b) {
        const Mode mode = shared_->settings.modes[b];
        const Cost& c = shared_->findings.cost(Block(b));
        if (mode == Mode::model || (shared_->settings.all_that_fit && c.bands == 0)) continue;
        rtl.blocks.push_back({block_names[b], mode_names[static_cast<size_t>(mode)], c.bands,
                              c.words, c.rtl_clocks, c.model_clocks, c.rtl_seconds,
                              c.model_seconds});
    }
    if (const auto& mismatch = shared_->findings.first()) {
        report.first_difference = rtl.mismatch = text_of(*mismatch);
        report.exit_code = exit_mismatch;
    }
}

}  // namespace

std::unique_ptr<Instrument> make_cosimulation(const Settings& settings) {
    return std::make_unique<Cosimulation>(settings);
}

}  // namespace karhunen::rtl
