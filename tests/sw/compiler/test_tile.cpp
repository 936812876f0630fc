// Invariants of the tiling, on random layers and buffers.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/tile.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/played_tiling.h"

using namespace karhunen;

namespace {

uint32_t in(std::mt19937& random, uint32_t low, uint32_t high) {
    return low + static_cast<uint32_t>(random() % (high - low + 1));
}

FloatConvolution convolution(uint32_t input, MapShape from, uint32_t channels, uint32_t kernel,
                             uint32_t stride) {
    FloatConvolution c;
    c.input = input;
    c.input_shape = from;
    c.kernel_y = c.kernel_x = kernel;
    c.stride_y = c.stride_x = stride;
    c.padding_top = c.padding_left = kernel / 2;
    c.output_shape = {(from.height - 1) / stride + 1, (from.width - 1) / stride + 1, channels};
    return c;
}

FloatLayer layer(const FloatConvolution& c) {
    FloatLayer l;
    l.name = "layer";
    l.convolution = c;
    l.unpooled = l.output = c.output_shape;
    return l;
}

/// Stem, perhaps pooled; a layer; a layer with residual or shortcut; a pooling layer.
TilingCase random_case(std::mt19937& random) {
    TilingCase made;
    Network& n = made.network;
    const uint32_t side = in(random, 8, 60);
    n.input = {side, side, 3};
    FloatLayer stem = layer(
        convolution(0, n.input, 4 * in(random, 1, 20), 2 * in(random, 0, 3) + 1, in(random, 1, 2)));
    const auto pooled = [&](FloatLayer& l) {
        l.pool = PoolWindow{in(random, 2, 3), in(random, 1, 2), in(random, 0, 1)};
        const PoolWindow& p = *l.pool;
        const auto side_of = [&](uint32_t s) {
            return (s + 2 * p.padding - p.kernel) / p.stride + 1;
        };
        l.output = {side_of(l.unpooled.height), side_of(l.unpooled.width), l.unpooled.channels};
    };
    if (random() % 2) pooled(stem);
    n.layers.push_back(stem);
    n.layers.push_back(layer(convolution(1, n.shape(1), 4 * in(random, 1, 40),
                                         2 * in(random, 0, 2) + 1, in(random, 1, 2))));
    FloatLayer sum = layer(convolution(2, n.shape(2), n.shape(2).channels, 3, 1));
    if (n.shape(1) == n.shape(2) && random() % 2)
        sum.residual = 1;
    else
        sum.shortcut = convolution(1, n.shape(1), n.shape(2).channels, 1,
                                   n.shape(1).height == n.shape(2).height ? 1 : 2);
    n.layers.push_back(sum);
    if (random() % 2) {  // blocks that add to the sum
        FloatLayer block = layer(convolution(3, n.shape(3), n.shape(3).channels, 3, 1));
        block.residual = 3;
        n.layers.push_back(block);
        n.layers.push_back(
            layer(convolution(4, n.shape(4), 4 * in(random, 1, 40), 3, in(random, 1, 2))));
    }
    const auto end = static_cast<uint32_t>(n.layers.size());
    FloatLayer last;
    last.name = "pool";
    last.kind = LayerKind::max_pool;
    last.input = end;
    last.unpooled = n.shape(end);
    if (side % 2) set_weight_bits(n, 4);
    if (last.unpooled.height < 3) return made;
    pooled(last);
    n.layers.push_back(last);
    return made;
}

void check_weights(const FloatConvolution& c, const OperationPlan& plan, uint64_t& resident) {
    BOOST_TEST(plan.chunk_channels >= 1u);
    BOOST_TEST((plan.chunks - 1) * plan.chunk_channels < c.output_shape.channels);
    BOOST_TEST(plan.chunks * plan.chunk_channels >= c.output_shape.channels);
    BOOST_TEST(plan.chunk_bytes % 64 == 0u);
    BOOST_TEST(plan.last_chunk_bytes % 64 == 0u);
    const uint64_t weights = uint64_t{plan.chunk_channels} * c.reduction();
    const uint64_t bytes =
        plan.chunk_channels * 8 + (c.weight_bits == 4 ? (weights + 1) / 2 : weights);
    BOOST_TEST(plan.chunk_bytes >= bytes);
    BOOST_TEST(plan.chunk_bytes < bytes + 64);
    resident += uint64_t{plan.chunks - 1} * plan.chunk_bytes + plan.last_chunk_bytes;
}

/// Every row is made once, each band needs no row that is not there, and rows needed are few
/// enough.
void check_bands(const FloatLayer& l, const FloatConvolution* c, const LayerPlan& plan,
                 const OperationPlan& operation, const MapShape& from, bool last) {
    BOOST_TEST_REQUIRE(operation.bands.size() == plan.bands);
    uint32_t conv_row = 0, output_row = 0;
    const MapShape& conv = c ? c->output_shape : l.unpooled;
    for (const krhn_band& band : operation.bands) {
        BOOST_TEST(band.conv_row == conv_row);
        BOOST_TEST(band.conv_rows > 0u);
        BOOST_TEST(band.output_row == output_row);
        conv_row += band.conv_rows;
        output_row += band.output_rows;
        if (!last) BOOST_TEST(band.output_rows == band.conv_rows);
        // Naively: the last input row under the last window.
        int64_t bottom = conv_row - 1;
        if (c) bottom = (conv_row - 1) * int64_t{c->stride_y} - c->padding_top + c->kernel_y - 1;
        BOOST_TEST(band.input_rows >= std::min<int64_t>(bottom + 1, from.height));
        BOOST_TEST(band.input_rows <= from.height);
        if (last && l.pool) {  // windows of this band's outputs end within its rows
            const int64_t end =
                (output_row - 1) * int64_t{l.pool->stride} - l.pool->padding + l.pool->kernel;
            BOOST_TEST(std::min<int64_t>(end, conv.height) <= conv_row);
        }
    }
    BOOST_TEST(conv_row == conv.height);
    if (last) BOOST_TEST(output_row == l.output.height);
    BOOST_TEST(operation.bands.back().input_rows == from.height);
}

void check_sum(const TilingCase& made, const FloatLayer& l, const LayerPlan& plan,
               const std::vector<uint32_t>& band_rows) {
    const size_t last = plan.operations.size() - 1;
    uint64_t regions = 0, most = 0;
    for (size_t o = 0; o <= last; ++o) {
        BOOST_TEST(plan.operations[o].region == o);
        regions += plan.operations[o].region_bytes;
        uint32_t row = 0;
        for (uint32_t b = 0; o < last && b < plan.bands; ++b) {
            const krhn_band& band = plan.operations[o].bands[b];
            BOOST_TEST(band.conv_row == row);
            BOOST_TEST(band.conv_rows > 0u);
            row += band.conv_rows;
            BOOST_TEST(row == plan.operations[last].bands[b].input_rows);
            most = std::max<uint64_t>(most, band.conv_rows);
        }
    }
    BOOST_TEST(regions <= made.machine.activation_bytes);
    const uint32_t row = row_bytes(made.network.shape(l.sum[0]), Format::u8);
    BOOST_TEST(plan.residual_region_bytes + (last - 1) * most * row <= made.machine.residual_bytes);
    BOOST_TEST(plan.residual_region_bytes >= row);
    BOOST_TEST(sum_runs_through(made, l, plan, band_rows));
}

/// All rows that a band needs are there at once, whatever the others need at the time.
void check_streamed(const FloatLayer& l, const LayerPlan& plan, const krhn_machine& m,
                    const std::vector<uint32_t>& band_rows) {
    uint64_t regions = 0;
    for (size_t o = 0; o < plan.operations.size(); ++o) {
        const bool last = o + 1 == plan.operations.size();
        const OperationPlan& operation = plan.operations[o];
        const FloatConvolution* c = l.kind != LayerKind::convolution ? nullptr
                                    : last                           ? &l.convolution
                                                                     : &*l.shortcut;
        const MapShape& from = c ? c->input_shape : l.unpooled;
        if (o == 0 || operation.region != plan.operations[o - 1].region)
            regions += operation.region_bytes;
        for (const krhn_band& band : operation.bands) {
            const int64_t first =
                c ? int64_t{band.conv_row} * c->stride_y - c->padding_top : band.conv_row;
            uint32_t end = band.input_rows;
            // The decoder does not stop within a band of a map when it must go on to another.
            const uint32_t rows = band_rows[c ? c->input : l.input];
            if (plan.operations.size() > 1 && plan.bands > 1)
                end = std::min((end + rows - 1) / rows * rows, from.height);
            BOOST_TEST((end - std::max<int64_t>(first, 0)) * row_bytes(from, Format::u8) <=
                       operation.region_bytes);
            if (l.residual)
                BOOST_TEST(band.conv_rows * row_bytes(l.unpooled, Format::u8) <= m.residual_bytes);
        }
    }
    BOOST_TEST(regions <= m.activation_bytes);
}

void check_plan(const TilingCase& made, const std::vector<LayerPlan>& plans) {
    const Network& n = made.network;
    const krhn_machine& m = made.machine;
    std::vector<uint32_t> band_rows{input_band_rows(n.input, m)};
    for (size_t i = 0; i < plans.size(); ++i) {
        const FloatLayer& l = n.layers[i];
        const LayerPlan& plan = plans[i];
        uint64_t resident = 0, regions = 0;
        if (!l.sum.empty()) {
            check_sum(made, l, plan, band_rows);
            band_rows.push_back(plan.band_rows);
            continue;
        }
        for (size_t o = 0; o < plan.operations.size(); ++o) {
            const bool last = o + 1 == plan.operations.size();
            const FloatConvolution* c = l.kind != LayerKind::convolution ? nullptr
                                        : last                           ? &l.convolution
                                                                         : &*l.shortcut;
            const OperationPlan& operation = plan.operations[o];
            if (c) check_weights(*c, operation, resident);
            check_bands(l, c, plan, operation, c ? c->input_shape : l.unpooled, last);
            regions += operation.region_bytes;
            BOOST_TEST(operation.region_bytes <= m.activation_bytes);
            if (c && plan.streams_weights) BOOST_TEST(2 * operation.chunk_bytes <= m.weight_bytes);
        }
        const uint32_t output = row_bytes(l.output, made.stored[i]);
        if (plan.streams_weights) {
            BOOST_TEST(plan.band_rows * output <= m.output_bytes);
            check_streamed(l, plan, m, band_rows);
        } else {
            BOOST_TEST(resident <= m.weight_bytes);
            BOOST_TEST(output <= m.output_bytes);
            if (plan.band_rows > 1 && !l.pool)
                BOOST_TEST(2 * plan.band_rows * output <= m.output_bytes);
            if (plan.operations.size() == 2) BOOST_TEST(regions <= m.activation_bytes);
            if (l.kind == LayerKind::convolution) BOOST_TEST(runs_through(l, plan, n, band_rows));
        }
        if (l.shortcut)
            BOOST_TEST(plan.band_rows * row_bytes(l.output, Format::s12) <=
                       plan.residual_region_bytes);
        BOOST_TEST(plan.residual_region_bytes <= m.residual_bytes);
        band_rows.push_back(plan.band_rows);
    }
}

/// What does not fit as a whole is streamed, in as few bands as the output buffer allows.
void machine_that_streams(const Network& network, const std::vector<Format>& stored) {
    krhn_machine machine = default_machine();
    machine.output_bytes = 20000;
    const std::vector<LayerPlan> plans = tile(network, stored, machine);
    for (size_t l = 0; l < plans.size(); ++l) {
        if (network.layers[l].name != "layer3.0.conv1") continue;
        BOOST_TEST(plans[l].streams_weights);
        BOOST_TEST(plans[l].band_rows == 5u);  // 14 x 256 values each
        BOOST_TEST(plans[l].bands == 3u);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiling)

BOOST_AUTO_TEST_CASE(random_layers_and_buffers) {
    const char* given = std::getenv("KARHUNEN_SEED");
    const uint32_t seed = given ? static_cast<uint32_t>(std::stoul(given)) : std::random_device{}();
    BOOST_TEST_MESSAGE("KARHUNEN_SEED=" << seed);
    BOOST_TEST_CONTEXT("KARHUNEN_SEED=" << seed) {
        std::mt19937 random(seed);
        int tiled = 0, refused = 0, resident_maps = 0, streamed = 0, shortcuts = 0, sums = 0;
        for (int i = 0; i < 3000; ++i) {
            TilingCase made = random_case(random);
            made.machine.weight_bytes = 1024 * in(random, 1, 200);
            made.machine.activation_bytes = 512 * in(random, 1, 200);
            made.machine.output_bytes = 512 * in(random, 1, 200);
            made.machine.residual_bytes = 512 * in(random, 1, 200);
            made.machine.table_bytes = 1;
            made.machine.streams = 4;
            if (random() % 3 == 0) store_before_add(made.network);
            for (const FloatLayer& l : made.network.layers)
                made.stored.push_back(is_coded(l) && random() % 2 ? Format::s12
                                      : l.before_add              ? Format::s8
                                                                  : Format::u8);
            std::vector<LayerPlan> plans;
            try {
                plans = tile(made.network, made.stored, made.machine);
            } catch (const CompileError&) {
                ++refused;
                continue;
            }
            check_plan(made, plans);
            ++tiled;
            resident_maps += plans[1].streams_weights && plans[1].bands == 1;
            for (const LayerPlan& plan : plans) streamed += plan.streams_weights && plan.bands > 1;
            shortcuts += made.network.layers[2].shortcut.has_value() && !plans[2].streams_weights;
            for (const FloatLayer& l : made.network.layers) sums += l.sum.size() > 2;
        }
        // The test sees every kind.
        BOOST_TEST(tiled > 500);
        BOOST_TEST(refused > 50);
        BOOST_TEST(resident_maps > 20);
        BOOST_TEST(streamed > 100);
        BOOST_TEST(shortcuts > 100);
        BOOST_TEST(sums > 50);
    }
}

/// Two inputs whose bands are as tall as buffers allow do not fit beside each other.
BOOST_AUTO_TEST_CASE(bands_are_shortened_for_readers_of_two_maps) {
    Network n;
    n.input = {16, 16, 3};
    n.layers.push_back(layer(convolution(0, n.input, 64, 1, 1)));
    n.layers.push_back(layer(convolution(1, n.shape(1), 16, 1, 2)));
    FloatLayer both = layer(convolution(2, n.shape(2), 32, 1, 1));
    both.shortcut = convolution(1, n.shape(1), 32, 1, 2);
    n.layers.push_back(both);
    krhn_machine machine = default_machine();
    machine.activation_bytes = 2048 + 512;  // two rows of the first map, and of the second
    const std::vector<LayerPlan> plans =
        tile(n, std::vector<Format>(n.layers.size(), Format::u8), machine);
    BOOST_TEST(plans[0].band_rows == 2u);  // four rows otherwise
    BOOST_TEST(plans[2].operations[0].region_bytes >= 2048u);
    machine.activation_bytes = 1024;
    BOOST_CHECK_THROW(tile(n, std::vector<Format>(n.layers.size(), Format::u8), machine),
                      CompileError);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_named) {
    const Network network = default_network();
    const std::vector<Format> stored(network.layers.size(), Format::u8);
    const auto message = [&](krhn_machine machine) -> std::string {
        try {
            tile(network, stored, machine);
        } catch (const CompileError& error) {
            return error.what();
        }
        return "fits";
    };
    BOOST_TEST(message(default_machine()) == "fits");
    const auto check = [&](uint32_t krhn_machine::*buffer, uint32_t bytes, const char* expected) {
        krhn_machine machine = default_machine();
        machine.*buffer = bytes;
        const std::string found = message(machine);
        BOOST_TEST(found.find(expected) != std::string::npos, found);
    };
    // A row of the first stored map has 56 * 64 values.
    check(&krhn_machine::output_bytes, 3583,
          "layer conv1: one row of its output needs 3584 bytes of the output buffer, which has "
          "3583; the machine needs a larger one");
    // Seven rows of the picture under conv1's window.
    check(&krhn_machine::activation_bytes, 4703,
          "layer conv1: its input for one row of output needs 4704 bytes of the activation buffer");
    check(&krhn_machine::residual_bytes, 3000,
          "layer layer1.0.conv2: one row of its residual needs");
    check(&krhn_machine::weight_bytes, 300,
          "layer conv1: two output channels' weights needs 384 bytes of the weight buffer");
    machine_that_streams(network, stored);
}

BOOST_AUTO_TEST_SUITE_END()
