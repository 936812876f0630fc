// Handles of the C API that go back by themselves.
#pragma once

#include <karhunen/golden.h>

#include <memory>
#include <ostream>
#include <string>

template <auto destroy>
struct Destroyer {
    template <typename T>
    void operator()(T* handle) const {
        destroy(handle);
    }
};
using Context = std::unique_ptr<karhunen_context, Destroyer<karhunen_context_destroy>>;
using GoldenCodec = std::unique_ptr<karhunen_codec, Destroyer<karhunen_codec_destroy>>;
using GoldenEncoder = std::unique_ptr<karhunen_encoder, Destroyer<karhunen_encoder_destroy>>;
using GoldenDecoder = std::unique_ptr<karhunen_decoder, Destroyer<karhunen_decoder_destroy>>;
using GoldenDram = std::unique_ptr<karhunen_dram, Destroyer<karhunen_dram_destroy>>;
using GoldenBuffer = std::unique_ptr<karhunen_buffer, Destroyer<karhunen_buffer_destroy>>;

inline std::ostream& operator<<(std::ostream& out, karhunen_status status) {
    return out << karhunen_status_name(status);
}

/// A context and what is often asked with it.
struct Golden {
    Context context{karhunen_context_create()};
    karhunen_context* c() const { return context.get(); }
    std::string message() const { return karhunen_message_text(c()); }
};
