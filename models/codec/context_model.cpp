#include "models/codec/context_model.h"

namespace karhunen {

ContextRows::ContextRows(uint32_t width, uint32_t channels) : width_(width), channels_(channels) {
    const size_t bytes = (size_t{width} + 2) * channels + ContextModel::batch;
    above_.resize(bytes);
    row_.resize(bytes);
    zeros_.resize(ContextModel::padded(channels));
}

Neighbours ContextRows::neighbours(uint32_t x) {
    const uint8_t* const left = pixel(x) - channels_;
    if (top_) {
        const uint8_t* const w = x == 0 ? zeros_.data() : left;
        return {w, w, w, w};
    }
    const uint8_t* const n = above_.data() + (size_t{x} + 1) * channels_;
    return {x == 0 ? n : left, n, n + channels_, n - channels_};
}

void ContextRows::next_row() {
    top_ = false;
    if (width_ == 0) return;
    std::copy_n(pixel(0), channels_, row_.data());
    std::copy_n(pixel(width_ - 1), channels_, pixel(width_));
    row_.swap(above_);
}

ContextModel::ContextModel(const ContextParameters& p) : channels_(p.channels) {
    const size_t room = padded(channels_);
    for (size_t k = 0; k < 4; ++k) {
        weights_[k].resize(room);
        for (size_t c = 0; c < channels_; ++c)
            weights_[k][c] = p.weights[p.shared_weights ? k : 4 * c + k];
    }
    bias_.assign(p.bias.begin(), p.bias.end());
    for (const uint8_t s : p.deviation) {
        reciprocal_.push_back(context_reciprocals[s]);
        class_.push_back(static_cast<int16_t>(4 * s));
    }
    for (auto* v : {&bias_, &reciprocal_, &class_}) v->resize(room);
}

namespace {

struct ChannelParameters {
    const int16_t *w, *n, *ne, *nw, *bias, *reciprocal, *deviation;
};

/// One batch; the bounds are constants, so the compiler makes vectors of it.
inline void predict_batch(const ChannelParameters& of, const Neighbours& at,
                          uint16_t* __restrict contexts, uint8_t* __restrict predictions) {
    for (uint32_t c = 0; c < ContextModel::batch; ++c) {
        const int32_t w = at.w[c], n = at.n[c], ne = at.ne[c], nw = at.nw[c];
        const int32_t mean = of.bias[c] + of.w[c] * w + of.n[c] * n + of.ne[c] * ne + of.nw[c] * nw;
        const int32_t r = of.reciprocal[c];
        const int32_t level = std::clamp(((mean * r) >> 11) + 7, 0, 15);
        const int32_t gradient = (std::abs(w - nw) + std::abs(n - nw) + std::abs(n - ne)) * r >> 4;
        const int32_t activity = (gradient >= 3) + (gradient >= 6) + (gradient >= 11);
        contexts[c] = static_cast<uint16_t>(level * 64 + of.deviation[c] + activity);
        predictions[c] = static_cast<uint8_t>(std::clamp((mean + 32) >> 6, 0, 255));
    }
}

}  // namespace

void ContextModel::predict(const Neighbours& pixel, uint16_t* contexts,
                           uint8_t* predictions) const {
    for (uint32_t c = 0; c < channels_; c += batch)
        predict_batch({&weights_[0][c], &weights_[1][c], &weights_[2][c], &weights_[3][c],
                       &bias_[c], &reciprocal_[c], &class_[c]},
                      {pixel.w + c, pixel.n + c, pixel.ne + c, pixel.nw + c}, contexts + c,
                      predictions + c);
}

namespace {

template <uint8_t (*function)(uint8_t, uint8_t)>
void batch_of(const uint8_t* a, const uint8_t* b, uint8_t* __restrict to) {
    for (size_t c = 0; c < ContextModel::batch; ++c) to[c] = function(a[c], b[c]);
}

}  // namespace

void fold(const uint8_t* values, const uint8_t* predictions, size_t channels, uint8_t* numbers) {
    for (size_t c = 0; c < channels; c += ContextModel::batch)
        batch_of<fold>(values + c, predictions + c, numbers + c);
}

void unfold(const uint8_t* numbers, const uint8_t* predictions, size_t channels, uint8_t* values) {
    for (size_t c = 0; c < channels; c += ContextModel::batch)
        batch_of<unfold>(numbers + c, predictions + c, values + c);
}

}  // namespace karhunen
