// Encoders and decoders that go word by word.
#include <algorithm>
#include <array>

#include "models/golden/codec_handle.h"
#include "models/golden/coders.h"
#include "models/golden/values.h"

using namespace karhunen;
using namespace karhunen::golden;

namespace {

/// Words go out from the front.
struct WordQueue {
    std::vector<uint8_t> bytes;
    size_t taken = 0;

    void append(std::vector<uint8_t>& more) {
        bytes.erase(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(taken));
        taken = 0;
        bytes.insert(bytes.end(), more.begin(), more.end());
        more.clear();
    }
    size_t left() const { return bytes.size() - taken; }
};

}  // namespace

struct karhunen_encoder : Handle {
    static constexpr Kind own_kind = Kind::encoder;
    static constexpr std::string_view name = "encoder";
    karhunen_encoder(SharedCodec c, std::unique_ptr<Encoding> e)
        : Handle(own_kind),
          codec(std::move(c)),
          encoding(std::move(e)),
          queues(encoding->streams()) {}

    void use(void (*step)(Encoding&, std::span<const int32_t>), std::span<const int32_t> values) {
        if (failed || finished)
            throw Error(KARHUNEN_BAD_ORDER,
                        failed ? "the encoder failed before" : "the encoder has been finished");
        failed = true;  // unless all goes well
        step(*encoding, values);
        for (uint32_t s = 0; s < queues.size(); ++s) queues[s].append(encoding->output(s));
        failed = false;
    }

    SharedCodec codec;
    std::unique_ptr<Encoding> encoding;
    std::vector<WordQueue> queues;
    bool finished = false, failed = false;
};

struct karhunen_decoder : Handle {
    static constexpr Kind own_kind = Kind::decoder;
    static constexpr std::string_view name = "decoder";
    karhunen_decoder(SharedCodec c, std::unique_ptr<Decoding> d)
        : Handle(own_kind), codec(std::move(c)), decoding(std::move(d)) {}

    void feed(uint32_t stream, std::span<const uint8_t> bytes) {
        need(stream < decoding->streams(), "stream: there is none of this number");
        begin();
        if (finished) throw Error(KARHUNEN_BAD_ORDER, "the decoder has been finished");
        failed = true;
        decoding->feed(stream, bytes);
        failed = false;
    }
    /// From here on an error is one of the stream.
    void begin() const {
        if (failed) throw Error(KARHUNEN_BAD_ORDER, "the decoder failed before");
    }
    karhunen_status next(int32_t& value) {
        begin();
        failed = true;
        while (given == ready.size()) {
            const Decoding::Progress progress = decoding->next(ready);
            given = 0;
            if (progress == Decoding::Progress::complete) return end();
            if (progress == Decoding::Progress::lacking) {
                failed = false;
                return KARHUNEN_MORE;
            }
        }
        value = ready[given++];
        failed = false;
        return KARHUNEN_OK;
    }
    void finish() {
        begin();
        if (finished) throw Error(KARHUNEN_BAD_ORDER, "the decoder has been finished");
        failed = true;
        decoding->end();
        finished = true;
        if (complete) decoding->finish();
        failed = false;
    }
    /// All values are out. Whether words are left over is known when no more come.
    karhunen_status end() {
        ready.clear();
        if (finished && !complete) decoding->finish();
        complete = true;
        failed = false;
        return KARHUNEN_END;
    }

    SharedCodec codec;
    std::unique_ptr<Decoding> decoding;
    std::vector<int32_t> ready;  ///< decoded, from `given` on not yet given out
    size_t given = 0;
    bool finished = false, complete = false, failed = false;
};

extern "C" {

karhunen_status karhunen_encoder_create(karhunen_context* context, const karhunen_codec* codec,
                                        uint32_t rows, uint32_t columns, uint32_t channels,
                                        uint32_t streams, karhunen_encoder** encoder) {
    return guarded(context, [&] {
        const SharedCodec& data = checked(codec).data;
        karhunen_encoder*& result = output(encoder, "encoder");
        const Band band = checked_band(rows, columns, channels, streams);
        result = new karhunen_encoder(data, asking([&] { return encoding_of_band(*data, band); }));
    });
}

karhunen_status karhunen_encoder_create_serial(karhunen_context* context,
                                               const karhunen_codec* codec,
                                               karhunen_encoder** encoder) {
    return guarded(context, [&] {
        const SharedCodec& data = checked(codec).data;
        karhunen_encoder*& result = output(encoder, "encoder");
        result = new karhunen_encoder(data, serial_encoding(*data));
    });
}

karhunen_status karhunen_encoder_put(karhunen_context* context, karhunen_encoder* encoder,
                                     const int32_t* values, size_t count) {
    return guarded(context, [&] {
        karhunen_encoder& e = checked(encoder);
        const auto given = array(values, count, "values");
        e.encoding->check(given);
        e.use([](Encoding& coder, std::span<const int32_t> v) { coder.put(v); }, given);
    });
}

karhunen_status karhunen_encoder_put_value(karhunen_context* context, karhunen_encoder* encoder,
                                           int32_t value) {
    return karhunen_encoder_put(context, encoder, &value, 1);
}

karhunen_status karhunen_encoder_finish(karhunen_context* context, karhunen_encoder* encoder) {
    return guarded(context, [&] {
        karhunen_encoder& e = checked(encoder);
        e.encoding->check_complete();
        e.use([](Encoding& coder, std::span<const int32_t>) { coder.finish(); }, {});
        e.finished = true;
    });
}

karhunen_status karhunen_encoder_word(karhunen_context* context, karhunen_encoder* encoder,
                                      uint32_t stream, uint32_t* word, uint32_t* last) {
    return guarded(context, [&] {
        karhunen_encoder& e = checked(encoder);
        uint32_t& next = output(word, "word");
        uint32_t& is_last = output(last, "last");
        need(stream < e.queues.size(), "stream: there is none of this number");
        if (e.failed) throw Error(KARHUNEN_BAD_ORDER, "the encoder failed before");
        WordQueue& queue = e.queues[stream];
        const size_t bytes = e.codec->word_bytes();
        if (e.finished && queue.left() == 0) return KARHUNEN_END;
        if (!e.finished && queue.left() < 2 * bytes) return KARHUNEN_MORE;
        next = 0;
        std::memcpy(&next, queue.bytes.data() + queue.taken, bytes);
        queue.taken += bytes;
        is_last = queue.left() == 0;
        return KARHUNEN_OK;
    });
}

void karhunen_encoder_destroy(karhunen_encoder* encoder) {
    if (is(encoder)) delete encoder;
}

karhunen_status karhunen_decoder_create(karhunen_context* context, const karhunen_codec* codec,
                                        uint32_t rows, uint32_t columns, uint32_t channels,
                                        uint32_t streams, karhunen_decoder** decoder) {
    return guarded(context, [&] {
        const SharedCodec& data = checked(codec).data;
        karhunen_decoder*& result = output(decoder, "decoder");
        const Band band = checked_band(rows, columns, channels, streams);
        result = new karhunen_decoder(data, asking([&] { return decoding_of_band(*data, band); }));
    });
}

karhunen_status karhunen_decoder_create_serial(karhunen_context* context,
                                               const karhunen_codec* codec, uint64_t count,
                                               karhunen_decoder** decoder) {
    return guarded(context, [&] {
        const SharedCodec& data = checked(codec).data;
        karhunen_decoder*& result = output(decoder, "decoder");
        result = new karhunen_decoder(data, serial_decoding(*data, count));
    });
}

karhunen_status karhunen_decoder_put(karhunen_context* context, karhunen_decoder* decoder,
                                     uint32_t stream, const uint8_t* stream_bytes, size_t bytes) {
    return guarded(context, [&] {
        karhunen_decoder& d = checked(decoder);
        d.feed(stream, array(stream_bytes, bytes, "stream_bytes"));
    });
}

karhunen_status karhunen_decoder_put_word(karhunen_context* context, karhunen_decoder* decoder,
                                          uint32_t stream, uint32_t word) {
    return guarded(context, [&] {
        karhunen_decoder& d = checked(decoder);
        const uint32_t bytes = d.codec->word_bytes();
        need(bytes == 4 || word >> 8 * bytes == 0, "word: wider than those of the stream");
        std::array<uint8_t, 4> little_endian;
        std::memcpy(little_endian.data(), &word, 4);
        d.feed(stream, std::span(little_endian).first(bytes));
    });
}

karhunen_status karhunen_decoder_finish(karhunen_context* context, karhunen_decoder* decoder) {
    return guarded(context, [&] { checked(decoder).finish(); });
}

karhunen_status karhunen_decoder_value(karhunen_context* context, karhunen_decoder* decoder,
                                       int32_t* value) {
    return guarded(context, [&] {
        karhunen_decoder& d = checked(decoder);
        return d.next(output(value, "value"));
    });
}

void karhunen_decoder_destroy(karhunen_decoder* decoder) {
    if (is(decoder)) delete decoder;
}

}  // extern "C"
