// Contents with right checksums and wrong values: each is refused, and the objection names it.
#include <cstring>
#include <functional>

#include <boost/test/unit_test.hpp>

#include <karhunen/registers.h>

#include "sw/loadable/loadable.h"
#include "tests/sw/support/tiny_network.h"

using namespace karhunen;

namespace {

struct Mistake {
    const char* where;  ///< what the objection must contain
    const char* field;
    std::function<void(TinyNetwork&)> make;
};

void check(const std::vector<Mistake>& mistakes) {
    for (const Mistake& mistake : mistakes) {
        TinyNetwork network;
        mistake.make(network);
        std::string text = "(accepted)";
        try {
            Loadable::parse(network.file(), "net.kvn");
        } catch (const LoadableError& error) {
            text = error.what();
        }
        BOOST_TEST_INFO(text);
        BOOST_TEST((text.find(mistake.where) != std::string::npos &&
                    text.find(mistake.field) != std::string::npos),
                   mistake.where << ", " << mistake.field);
    }
}

krhn_tensor& tensor(TinyNetwork& n, size_t i) {
    return n.tensors[i];
}
krhn_operation& operation(TinyNetwork& n, size_t layer, size_t o = 0) {
    return n.layers[layer].operation[o];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(contents)

BOOST_AUTO_TEST_CASE(wording) {
    TinyNetwork network;
    tensor(network, 2).bands = 5;
    try {
        Loadable::parse(network.file(), "net.kvn");
        BOOST_ERROR("accepted");
    } catch (const LoadableError& error) {
        BOOST_TEST(error.what() ==
                   std::string("net.kvn: section TENSORS, entry 2 (one): bands is 5, expected 2"));
    }
}

BOOST_AUTO_TEST_CASE(checksums_of_what_the_dma_loads) {
    const TinyNetwork network;
    const auto refusal = [&](const std::vector<krhn_checksum>& sums) -> std::string {
        LoadableWriter writer = network.writer();
        writer.replace(KRHN_SECTION_CHECKSUMS, as_bytes_of(sums));
        try {
            Loadable::parse(writer.finish(network.memory_bytes, network.batch), "net.kvn");
            return "";
        } catch (const LoadableError& error) {
            return error.what();
        }
    };
    // The last section of the file.
    size_t operations = 0;
    for (const LayerDraft& layer : network.layers) operations += layer.operations;
    std::vector<krhn_checksum> sums(operations + network.tensors.size());
    const std::vector<uint8_t> file = network.file();
    const size_t bytes = sums.size() * sizeof sums[0];
    std::memcpy(sums.data(), file.data() + file.size() - (bytes + 63) / 64 * 64, bytes);
    BOOST_TEST(refusal(sums) == "");
    for (size_t i = 0; i < sums.size(); ++i)
        for (const bool part : {false, true}) {
            std::vector<krhn_checksum> wrong = sums;
            (part ? wrong[i].part : wrong[i].all) ^= 0x100;
            const std::string text = refusal(wrong);
            BOOST_TEST(text.find("CHECKSUMS: entry " + std::to_string(i) + ", " +
                                 (part ? "part" : "all")) != std::string::npos,
                       text);
        }
}

BOOST_AUTO_TEST_CASE(machine_input_strings) {
    check({
        {"MACHINE", "streams", [](auto& n) { n.machine.streams = 13; }},
        {"MACHINE", "weight_bytes", [](auto& n) { n.machine.weight_bytes = 0; }},
        {"INPUT", "std", [](auto& n) { n.input.std[1] = 0; }},
        {"INPUT", "mean", [](auto& n) { n.input.mean[2] = 7; }},
        {"INPUT", "scale", [](auto& n) { n.input.scale = -1; }},
        {"INPUT", "logit_scale", [](auto& n) { n.input.logit_scale = 1.0f / 0.0f; }},
        {"INPUT", "resize", [](auto& n) { n.input.resize = n.input.crop - 1; }},
        {"STRINGS", "last byte", [](auto& n) { n.strings.back() = 'x'; }},
        {"entry 1", "name", [](auto& n) { tensor(n, 1).name = 1000000; }},
        {"LAYERS, entry 1", "name", [](auto& n) { n.layers[1].name = 1000000; }},
    });
}

BOOST_AUTO_TEST_CASE(tensors) {
    check({
        {"entry 0 (picture)", "height is 9", [](auto& n) { n.input.crop = 8; }},
        {"entry 1 (stem)", "height is 0", [](auto& n) { tensor(n, 1).height = 0; }},
        {"entry 1", "values",
         [](auto& n) { tensor(n, 1).height = tensor(n, 1).width = tensor(n, 1).channels = 65535; }},
        {"entry 1", "stored_format", [](auto& n) { tensor(n, 1).stored_format = 4; }},
        {"entry 1", "decoded_format", [](auto& n) { tensor(n, 1).decoded_format = 9; }},
        {"entry 1", "decoded_format", [](auto& n) { tensor(n, 1).decoded_format = 1; }},
        {"entry 1", "codec", [](auto& n) { tensor(n, 1).codec = KRHN_CODEC_CONTEXT + 1; }},
        {"entry 1", "table_bytes is 64", [](auto& n) { tensor(n, 1).table_bytes = 64; }},
        {"entry 1", "stored_format is 2",
         [](auto& n) {
             tensor(n, 1).codec = KRHN_CODEC_ZVC;
             tensor(n, 1).stored_format = tensor(n, 1).decoded_format = KRHN_FORMAT_S12;
         }},
        {"entry 1", "streams is 3",
         [](auto& n) {
             tensor(n, 1).codec = KRHN_CODEC_EBPC;
             tensor(n, 1).streams = 3;
         }},
        {"entry 2 (one)", "stored_format is 2", [](auto& n) { tensor(n, 2).stored_format = 2; }},
        {"entry 2", "decoded_format is 1", [](auto& n) { tensor(n, 2).decoded_format = 1; }},
        {"entry 2", "table_bytes is 0", [](auto& n) { tensor(n, 2).table_bytes = 0; }},
        {"entry 3 (two)", "stored_format", [](auto& n) { tensor(n, 3).stored_format = 0; }},
        {"entry 3", "table_bytes is 0", [](auto& n) { tensor(n, 3).table_bytes = 0; }},
        {"entry 2", "table_bytes", [](auto& n) { n.machine.table_bytes = 100; }},
        {"entry 3", "table_offset", [](auto& n) { tensor(n, 3).table_offset = 64; }},
        {"entry 4", "end of table", [](auto& n) { tensor(n, 4).table_offset += 64; }},
        {"entry 1", "streams is 13", [](auto& n) { tensor(n, 1).streams = 13; }},
        {"entry 1", "band_rows is 0", [](auto& n) { tensor(n, 1).band_rows = 0; }},
        {"entry 1", "bands is 2", [](auto& n) { tensor(n, 1).bands = 2; }},
        {"entry 1", "flags", [](auto& n) { tensor(n, 1).flags = 8; }},
        {"entry 1", "scale", [](auto& n) { tensor(n, 1).scale = 0; }},
        {"entry 1", "bits", [](auto& n) { tensor(n, 1).bits = -1; }},
        {"entry 1", "bits", [](auto& n) { tensor(n, 1).bits = 0.0f / 0.0f; }},
        {"entry 1", "stored_scale", [](auto& n) { tensor(n, 1).stored_scale = 0.0f / 0.0f; }},
        {"TENSORS", "input flag is 0", [](auto& n) { tensor(n, 0).flags = 0; }},
        {"TENSORS", "logits flag is 0", [](auto& n) { tensor(n, 6).flags = 0; }},
        {"entry 6 (logits)", "values is 10", [](auto& n) { n.input.classes = 11; }},
    });
}

BOOST_AUTO_TEST_CASE(memory_of_the_maps) {
    check({
        {"entry 1", "slots_offset", [](auto& n) { tensor(n, 1).slots_offset += 8; }},
        {"entry 1", "slots_offset", [](auto& n) { tensor(n, 1).slots_offset = 0; }},
        {"entry 1", "slot_stride", [](auto& n) { tensor(n, 1).slot_stride -= 1; }},
        {"entry 1", "stream_stride", [](auto& n) { tensor(n, 1).stream_stride += 1; }},
        {"entry 1", "stream_stride is 0", [](auto& n) { tensor(n, 1).stream_stride = 0; }},
        {"entry 1", "slots_bytes", [](auto& n) { tensor(n, 1).slots_bytes -= 64; }},
        {"entry 1", "slots_bytes", [](auto& n) { tensor(n, 1).slot_stride = 0xFFFFFFC0; }},
        {"entry 1", "end of slots", [](auto& n) { tensor(n, 1).slots_bytes = 0xFFFFFFC0; }},
        {"entry 0", "end of slots", [](auto& n) { n.batch = 65535; }},
        {"entry 1", "entries_offset", [](auto& n) { tensor(n, 1).entries_offset = 128; }},
        {"entry 6", "end of entries", [](auto& n) { n.memory_bytes -= 1; }},
        {"TENSORS", "begin of the memory",
         [](auto& n) { tensor(n, 1).slots_offset = tensor(n, 2).slots_offset; }},
        {"TENSORS", "begin of the memory",
         [](auto& n) { tensor(n, 1).entries_offset = tensor(n, 0).slots_offset; }},
    });
}

BOOST_AUTO_TEST_CASE(layers) {
    check({
        {"entry 0 (stem)", "output is 9", [](auto& n) { n.layers[0].output = 9; }},
        {"entry 0 (stem)", "output is 0", [](auto& n) { n.layers[0].output = 0; }},
        {"entry 1 (one)", "output", [](auto& n) { n.layers[1].output = 1; }},
        {"entry 1", "operations is 0", [](auto& n) { n.layers[1].operations = 0; }},
        {"entry 1", "bands", [](auto& n) { n.layers[1].bands = 1; }},
        {"entry 5", "end of tiling", [](auto& n) { n.layers[5].tiling = 0xFFFFFFFF; }},
        {"TENSORS", "entry is 6", [](auto& n) { n.layers.pop_back(); }},
        {"entry 1", "input is 3", [](auto& n) { operation(n, 1).input = 3; }},
        {"entry 1", "input is 99", [](auto& n) { operation(n, 1).input = 99; }},
        {"entry 3 (three)", "residual is 4", [](auto& n) { n.layers[3].residual = 4; }},
        {"entry 3", "residual is 77", [](auto& n) { n.layers[3].residual = 77; }},
        {"entry 3", "post_flags", [](auto& n) { n.layers[3].residual = KRHN_NONE; }},
        {"entry 3", "height of the residual", [](auto& n) { n.layers[3].residual = 1; }},
        {"entry 3", "residual_region_bytes",
         [](auto& n) { n.layers[3].residual_region_bytes = 3 * 12 - 1; }},
        {"entry 2 (two)", "residual_region_bytes",  // map-resident: all rows of s12
         [](auto& n) { n.layers[2].residual_region_bytes = 3 * 3 * 12 * 2 - 1; }},
        {"entry 2", "residual is 2", [](auto& n) { n.layers[2].residual = 2; }},
    });
}

BOOST_AUTO_TEST_CASE(operations) {
    check({
        {"entry 0 (stem), operation 0", "kind", [](auto& n) { operation(n, 0).kind = 2; }},
        {"operation 0", "region is 4", [](auto& n) { operation(n, 0).region = 4; }},
        {"operation 0", "region_bytes",
         [](auto& n) { operation(n, 0).region_bytes = 3 * 9 * 3 - 1; }},
        {"entry 2 (two), operation 1", "region_bytes",
         [](auto& n) { operation(n, 2, 1).region_bytes = 3 * 3 * 12 - 1; }},
        {"operation 0", "region_bytes", [](auto& n) { n.machine.activation_bytes = 2047; }},
        {"operation 0", "kernel", [](auto& n) { operation(n, 0).kernel = 0x0300; }},
        {"operation 0", "stride", [](auto& n) { operation(n, 0).stride = 0x0001; }},
        {"operation 0", "padding", [](auto& n) { operation(n, 0).padding = 0x0301; }},
        {"operation 0", "conv_height is 11", [](auto& n) { operation(n, 0).conv_height = 11; }},
        {"operation 0", "conv_width is 7", [](auto& n) { operation(n, 0).conv_width = 7; }},
        {"entry 1 (one)", "conv_height is 4", [](auto& n) { operation(n, 1).conv_height = 4; }},
        {"operation 0", "array_flags", [](auto& n) { operation(n, 0).array_flags = 4; }},
        {"operation 0", "array_flags is 32", [](auto& n) { operation(n, 0).array_flags = 32; }},
        {"entry 1 (one), operation 0", "chunk_bytes",
         [](auto& n) { operation(n, 1).array_flags = KRHN_ARRAY_WEIGHTS_4_BIT; }},
        {"entry 4 (average), operation 0", "array_flags is 16",
         [](auto& n) { operation(n, 4).array_flags = KRHN_ARRAY_WEIGHTS_4_BIT; }},
        {"entry 1 (one), operation 0", "post_flags",
         [](auto& n) {
             n = TinyNetwork(1, 1, 4);
             operation(n, 1).post_flags |= KRHN_POST_CHUNKED_ROWS;
         }},
        {"operation 0", "dilation", [](auto& n) { operation(n, 0).dilation = 0x0100; }},
        {"operation 0", "groups is 0", [](auto& n) { operation(n, 0).groups = 0; }},
        {"operation 0", "channels of the input modulo groups",
         [](auto& n) { operation(n, 0).groups = 2; }},
        {"entry 1 (one), operation 0", "groups is 9", [](auto& n) { operation(n, 1).groups = 9; }},
        {"entry 1 (one), operation 0", "channels modulo groups",
         [](auto& n) { operation(n, 1).groups = 8; }},
        {"entry 1 (one), operation 0", "chunk_bytes", [](auto& n) { operation(n, 1).groups = 4; }},
        {"operation 0", "flags is 2", [](auto& n) { operation(n, 0).flags = 2; }},
        {"operation 0", "flags is 1", [](auto& n) { operation(n, 0).flags = 1; }},
        {"entry 2 (two), operation 1", "input is 2",
         [](auto& n) { operation(n, 2, 1).flags = KRHN_OPERATION_SHARES_INPUT; }},
        {"operation 0", "first_channel", [](auto& n) { operation(n, 0).first_channel = 1; }},
        {"operation 0", "post_flags",
         [](auto& n) { operation(n, 0).post_flags |= KRHN_POST_RELEASE_RESIDUAL; }},
        {"operation 0", "post_flags",
         [](auto& n) { operation(n, 0).post_flags |= KRHN_POST_AVERAGE_POOL; }},
        {"operation 0", "post_flags", [](auto& n) { operation(n, 0).post_flags |= 0x80; }},
        {"entry 2 (two), operation 0", "post_flags",
         [](auto& n) { operation(n, 2).post_flags |= KRHN_POST_RELU; }},
        {"operation 0", "format is 1", [](auto& n) { operation(n, 0).format = KRHN_FORMAT_S8; }},
        {"operation 0", "shift is 63", [](auto& n) { operation(n, 0).shift = 63; }},
        {"operation 0", "multiplier", [](auto& n) { operation(n, 4).multiplier = 0x80000000; }},
        {"operation 0", "residual_multiplier",
         [](auto& n) { operation(n, 3).residual_multiplier = 0x80000000; }},
        {"operation 0", "kernel of the pool", [](auto& n) { operation(n, 0).pool = 0x00000201; }},
        {"operation 0", "stride of the pool", [](auto& n) { operation(n, 0).pool = 0x00030001; }},
        {"operation 0", "padding of the pool", [](auto& n) { operation(n, 0).pool = 0x00030203; }},
        {"operation 0", "height of the output", [](auto& n) { operation(n, 0).pool = 0x00020200; }},
        {"entry 0 (stem)", "channels", [](auto& n) { operation(n, 0).channels = 0; }},
        {"entry 4 (average)", "conv_height", [](auto& n) { operation(n, 4).conv_height = 2; }},
        {"entry 4 (average)", "post_flags",
         [](auto& n) {
             n.layers[4].residual = 4;
             operation(n, 4).post_flags |= KRHN_POST_RESIDUAL;
         }},
        {"operation 0", "bytes in the output buffer", [](auto& n) { n.machine.output_bytes = 30; }},
    });
}

BOOST_AUTO_TEST_CASE(weights_of_four_bits) {
    const TinyNetwork network(1, 1, 4);
    const Loadable l = Loadable::parse(network.file(), "net.kvn");
    const krhn_operation& fc = l.operation(l.layers()[5], 0);  // 10 channels of 12
    BOOST_TEST(fc.array_flags == KRHN_ARRAY_WEIGHTS_4_BIT);
    BOOST_TEST(fc.last_chunk_bytes == 192u);  // 80 + 60, where 8 bits take 80 + 120 and so 256
    BOOST_TEST(network.weights.size() < TinyNetwork(1).weights.size());
    check({{"entry 5 (fc)", "last_chunk_bytes", [](auto& n) {
                n = TinyNetwork(1, 1, 4);
                operation(n, 5).array_flags = 0;
            }}});
}

BOOST_AUTO_TEST_CASE(weight_chunks) {
    check({
        {"entry 1 (one)", "chunk_channels is 0",
         [](auto& n) { operation(n, 1).chunk_channels = 0; }},
        {"entry 1", "chunks is 2", [](auto& n) { operation(n, 1).chunks = 2; }},
        {"entry 1", "chunks", [](auto& n) { operation(n, 1).chunk_channels = 6; }},
        {"entry 1", "chunk_bytes", [](auto& n) { operation(n, 1).chunk_bytes += 64; }},
        {"entry 1", "last_chunk_bytes", [](auto& n) { operation(n, 1).last_chunk_bytes -= 64; }},
        {"entry 1", "weights_offset", [](auto& n) { operation(n, 1).weights_offset += 4; }},
        {"entry 1", "weights_offset", [](auto& n) { operation(n, 1).weights_offset = 0; }},
        {"entry 5 (fc)", "end of weights", [](auto& n) { operation(n, 5).weights_offset += 64; }},
        {"entry 0", "bytes of a chunk", [](auto& n) { n.machine.weight_bytes = 256; }},
        {"entry 0", "largest multiplier of chunk 0", [](auto& n) { n.weights[8 * 4 + 3] = 0x80; }},
    });
}

BOOST_AUTO_TEST_CASE(tiling) {
    // Layer 0, bands 0 to 2: conv rows 0-4, 4-8, 8-9 of 9, pooled rows 0-2, 2-4, 4-5.
    const auto band = [](TinyNetwork& n, size_t i) -> krhn_band& { return n.bands[i]; };
    const TinyNetwork network;
    BOOST_TEST(network.bands[0].conv_rows == 4);
    BOOST_TEST(network.bands[1].conv_rows == 4);
    BOOST_TEST(network.bands[2].conv_rows == 1);
    check({
        {"operation 0, band 0", "conv_row is 1", [&](auto& n) { band(n, 0).conv_row = 1; }},
        {"operation 0, band 1", "conv_rows is 0", [&](auto& n) { band(n, 1).conv_rows = 0; }},
        {"operation 0, band 2", "conv_rows is 2", [&](auto& n) { band(n, 2).conv_rows = 2; }},
        {"operation 0, band 0", "conv_row + conv_rows is 3",
         [&](auto& n) { band(n, 0).conv_rows = 3; }},
        // One row more is harmless (pooling row 2 needs rows 3 to 5), two would complete it.
        {"operation 0, band 0", "conv_row + conv_rows is 6",
         [&](auto& n) { band(n, 0).conv_rows = 6; }},
        {"operation 0, band 1", "output_row is 1", [&](auto& n) { band(n, 1).output_row = 1; }},
        {"operation 0, band 2", "output_rows is 2", [&](auto& n) { band(n, 2).output_rows = 2; }},
        {"operation 0, band 0", "input_rows is 4", [&](auto& n) { band(n, 0).input_rows = 4; }},
        {"operation 0, band 2", "input_rows is 10", [&](auto& n) { band(n, 2).input_rows = 10; }},
        {"entry 2 (two), operation 0, band 0", "conv_rows is 2",
         [&](auto& n) { band(n, n.layers[2].tiling).conv_rows = 2; }},
    });
    TinyNetwork harmless;
    harmless.bands[0].conv_rows += 1;
    harmless.bands[0].input_rows += 1;
    harmless.bands[1].conv_row += 1;
    harmless.bands[1].conv_rows -= 1;
    BOOST_CHECK_NO_THROW(Loadable::parse(harmless.file(), "net.kvn"));
}

BOOST_AUTO_TEST_SUITE_END()
