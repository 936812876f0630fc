#include "platform/block_analysis.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>
#include <stdexcept>

#include "models/codec/codec.h"
#include "models/codec/principal_components.h"
#include "sw/compiler/gemm.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

using Values = std::vector<int16_t>;

constexpr int steps = 17;  // of half an octave, from 8 times the standard deviation down

/// What all forms of a tensor are measured against.
struct Centre {
    std::vector<int16_t> mean;  ///< per channel, rounded
    double variance = 0;        ///< around the means, mean over the channels
};

Centre centre_of(const RateTensor& t) {
    const uint32_t channels = t.shape.channels;
    std::vector<int64_t> sums(channels);
    int64_t squares = 0;
    for (const Values& image : t.images)
        for (size_t i = 0; i < image.size(); ++i) {
            sums[i % channels] += image[i];
            squares += int64_t{image[i]} * image[i];
        }
    const auto pixels =
        static_cast<double>(t.images.size()) * static_cast<double>(t.shape.values()) / channels;
    Centre centre;
    centre.variance = static_cast<double>(squares) / pixels / channels;
    for (const int64_t sum : sums) {
        const double mean = static_cast<double>(sum) / pixels;
        centre.mean.push_back(static_cast<int16_t>(std::lround(mean)));
        centre.variance -= mean * mean / channels;
    }
    return centre;
}

/// The values of a map around their channels' means, block by block.
Values blocks_of(const Values& map, const BandShape& shape, const Centre& centre,
                 const BlockForm& form, uint32_t channels) {
    Values blocks;
    for (uint32_t y = 0; y + form.rows <= shape.rows; y += form.rows)
        for (uint32_t x = 0; x + form.columns <= shape.width; x += form.columns)
            for (uint32_t c = 0; c < shape.channels; c += channels)
                for (uint32_t dy = 0; dy < form.rows; ++dy)
                    for (uint32_t dx = 0; dx < form.columns; ++dx) {
                        const size_t at =
                            ((y + dy) * size_t{shape.width} + x + dx) * shape.channels;
                        for (uint32_t n = c; n < c + channels; ++n)
                            blocks.push_back(static_cast<int16_t>(map[at + n] - centre.mean[n]));
                    }
    return blocks;
}

std::vector<Values> all_blocks(const std::vector<Values>& images, const BandShape& shape,
                               const Centre& centre, const BlockForm& form, uint32_t channels) {
    std::vector<Values> blocks;
    for (const Values& image : images)
        blocks.push_back(blocks_of(image, shape, centre, form, channels));
    return blocks;
}

PrincipalComponents components_of(const std::vector<Values>& blocks, uint32_t values) {
    const std::vector<std::span<const int16_t>> spans(blocks.begin(), blocks.end());
    return principal_components(spans, values);
}

/// What one step makes of the coefficients so far.
struct Quantised {
    double step = 1, squares = 0;
    std::vector<uint64_t> counts;  ///< of symbols 0, -1, 1, -2, ..

    void add(std::span<const float> coefficients) {
        const double per_step = 1 / step;
        for (const double y : coefficients) {
            const double symbol = std::floor(y * per_step + 0.5);
            const double error = y - symbol * step;
            squares += error * error;
            const auto index = static_cast<size_t>(symbol < 0 ? -2 * symbol - 1 : 2 * symbol);
            if (index >= counts.size()) counts.resize(2 * index + 1);
            ++counts[index];
        }
    }
};

/// Coefficients of all blocks, some blocks at a time.
template <typename Use>
void for_each_coefficients(const std::vector<Values>& images, const PrincipalComponents& pca,
                           Use&& use) {
    constexpr size_t together = 64;
    const size_t n = pca.mean.size();
    std::vector<float> matrix(n * n), left(together * n), right(together * n);
    for (size_t k = 0; k < n; ++k)
        for (size_t i = 0; i < n; ++i)
            matrix[i * n + k] = static_cast<float>(pca.components[k * n + i]);
    const PackedMatrix packed(matrix.data(), n, n);
    for (const Values& image : images)
        for (size_t at = 0; at < image.size(); at += left.size()) {
            const size_t now = std::min(left.size(), image.size() - at);
            for (size_t i = 0; i < now; ++i)
                left[i] = static_cast<float>(image[at + i] - pca.mean[i % n]);
            packed.multiply(left.data(), now / n, right.data());
            use(std::span<const float>(right).first(now));
        }
}

BlockCurve curve_of(const RateTensor& t, const Centre& centre, const BlockForm& form,
                    uint32_t channels) {
    BlockCurve curve;
    curve.tensor = t.name;
    curve.block = form.name;
    curve.channels = t.shape.channels;
    curve.block_values = form.rows * form.columns * channels;
    // The rounding of 12-bit values hides what is smaller.
    if (centre.variance < 1.0 / 12) return curve;
    const std::vector<Values> blocks = all_blocks(t.images, t.shape, centre, form, channels);
    for (const Values& image : blocks) curve.values += image.size();
    std::vector<Quantised> all(steps);
    for (int s = 0; s < steps; ++s)
        all[s].step = std::sqrt(centre.variance) * std::exp2(3 - s / 2.0);
    const PrincipalComponents pca = components_of(
        t.calibration.empty() ? blocks : all_blocks(t.calibration, t.shape, centre, form, channels),
        curve.block_values);
    for_each_coefficients(blocks, pca, [&](std::span<const float> y) {
        for (Quantised& q : all) q.add(y);
    });
    const double ratio = t.scale / t.decoded_scale;
    for (const Quantised& q : all) {
        const double error = q.squares / static_cast<double>(curve.values);
        curve.points.push_back(
            {q.step * ratio, oracle_entropy_bits(q.counts) / static_cast<double>(curve.values),
             std::sqrt(error) * ratio, 10 * std::log10(centre.variance / error)});
    }
    return curve;
}

uint32_t number(std::string_view text, const std::string& whole) {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0 ||
        value > most_block_values)
        throw std::runtime_error("block '" + whole +
                                 "': expected rows x columns x channels, such as 1x1xC, 2x2xC/4 "
                                 "or 8x8x1, with numbers up to " +
                                 std::to_string(most_block_values));
    return value;
}

}  // namespace

BlockForm parse_block(const std::string& text) {
    const size_t first = text.find('x');
    const size_t second = first == std::string::npos ? first : text.find('x', first + 1);
    if (second == std::string::npos) number("", text);  // throws
    BlockForm form;
    form.name = text;
    const std::string_view all = text, channels = all.substr(second + 1);
    form.rows = number(all.substr(0, first), text);
    form.columns = number(all.substr(first + 1, second - first - 1), text);
    if (channels.substr(0, 2) == "C/")
        form.divisor = number(channels.substr(2), text);
    else if (channels != "C")
        form.channels = number(channels, text);
    return form;
}

std::optional<uint32_t> BlockForm::channels_in(const BandShape& map) const {
    if (rows > map.rows || columns > map.width) return {};
    if (channels == 0 && map.channels % divisor != 0) return {};
    const uint32_t own = channels == 0 ? map.channels / divisor : channels;
    if (own == 0 || map.channels % own != 0) return {};
    if (uint64_t{rows} * columns * own > most_block_values) return {};
    return own;
}

std::vector<BlockCurve> block_curves(const std::vector<RateTensor>& tensors,
                                     const std::vector<BlockForm>& forms, unsigned threads,
                                     const std::function<void(size_t done, size_t all)>& progress) {
    std::vector<Centre> centres(tensors.size());
    for_each_index(tensors.size(), threads, [&](size_t i) { centres[i] = centre_of(tensors[i]); });
    struct Job {
        size_t tensor;
        const BlockForm* form;
        uint32_t channels;
    };
    std::vector<Job> jobs;
    for (size_t i = 0; i < tensors.size(); ++i)
        for (const BlockForm& form : forms)
            if (const auto channels = form.channels_in(tensors[i].shape))
                jobs.push_back({i, &form, *channels});
    std::vector<BlockCurve> curves(jobs.size());
    std::mutex reporting;
    size_t done = 0;
    for_each_index(jobs.size(), threads, [&](size_t j) {
        const Job& job = jobs[j];
        curves[j] = curve_of(tensors[job.tensor], centres[job.tensor], *job.form, job.channels);
        const std::lock_guard lock(reporting);
        if (progress) progress(++done, jobs.size());
    });
    return curves;
}

std::optional<double> rate_at(const BlockCurve& curve, double snr_db) {
    for (size_t i = 0; i + 1 < curve.points.size(); ++i) {
        const BlockPoint &a = curve.points[i], &b = curve.points[i + 1];
        if (a.snr_db <= snr_db && snr_db < b.snr_db)
            return a.rate + (b.rate - a.rate) * (snr_db - a.snr_db) / (b.snr_db - a.snr_db);
    }
    return {};
}

}  // namespace karhunen
