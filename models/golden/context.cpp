// Version, messages, and memory for languages without pointers.
#include <algorithm>
#include <array>
#include <vector>

#include "models/golden/guard.h"

using namespace karhunen::golden;

struct karhunen_context : Handle {
    static constexpr Kind own_kind = Kind::context;
    static constexpr std::string_view name = "context";
    karhunen_context() : Handle(own_kind) {}
    std::array<char, 2048> message{};  // fixed: it must be there when memory is not
};

struct karhunen_buffer : Handle {
    static constexpr Kind own_kind = Kind::buffer;
    static constexpr std::string_view name = "buffer";
    explicit karhunen_buffer(size_t size) : Handle(own_kind), bytes(size) {}
    std::vector<uint8_t> bytes;
};

namespace karhunen::golden {

karhunen_status report(karhunen_context* context, karhunen_status status,
                       const char* text) noexcept {
    if (is(context)) {
        const size_t length = std::min(std::strlen(text), context->message.size() - 1);
        std::memcpy(context->message.data(), text, length);
        context->message[length] = 0;
    }
    return status;
}

namespace {

/// Where the element begins.
size_t place(const karhunen_buffer& buffer, uint32_t element_bytes, uint64_t index) {
    need(element_bytes == 1 || element_bytes == 2 || element_bytes == 4,
         "element_bytes: expected 1, 2 or 4");
    need(index < buffer.bytes.size() / element_bytes, "index: behind the end of the buffer");
    return index * element_bytes;
}

}  // namespace
}  // namespace karhunen::golden

extern "C" {

const char* karhunen_version() {
    return KARHUNEN_VERSION;
}

const char* karhunen_status_name(karhunen_status status) {
    static constexpr const char* names[] = {"ok",        "more",         "end",
                                            "violation", "bad argument", "bad data",
                                            "bad order", "no memory",    "internal error"};
    const auto number = static_cast<unsigned>(status);
    return number < std::size(names) ? names[number] : "no such status";
}

karhunen_context* karhunen_context_create() {
    return new (std::nothrow) karhunen_context;
}

void karhunen_context_destroy(karhunen_context* context) {
    if (is(context)) delete context;
}

size_t karhunen_message(const karhunen_context* context, char* buffer, size_t bytes) {
    const char* text = karhunen_message_text(context);
    const size_t length = std::strlen(text);
    if (buffer && bytes > 0) {
        const size_t kept = std::min(length, bytes - 1);
        std::memcpy(buffer, text, kept);
        buffer[kept] = 0;
    }
    return length;
}

const char* karhunen_message_text(const karhunen_context* context) {
    return is(context) ? context->message.data() : "";
}

karhunen_status karhunen_buffer_create(karhunen_context* context, size_t bytes,
                                       karhunen_buffer** buffer) {
    return guarded(context, [&] {
        karhunen_buffer*& result = output(buffer, "buffer");
        need(bytes <= 4 * most_values, "bytes: at most 2^30");
        result = new karhunen_buffer(bytes);
    });
}

karhunen_status karhunen_buffer_set(karhunen_context* context, karhunen_buffer* buffer,
                                    uint32_t element_bytes, uint64_t index, int32_t value) {
    return guarded(context, [&] {
        karhunen_buffer& b = checked(buffer);
        const size_t at = place(b, element_bytes, index);
        // The bits that an element has, whether the value is meant with its sign or not.
        const uint32_t bits = 8 * element_bytes;
        need(bits == 32 || (value >= -(1 << (bits - 1)) && value < 1 << bits),
             "value: does not fit the element");
        std::memcpy(b.bytes.data() + at, &value, element_bytes);
    });
}

karhunen_status karhunen_buffer_get(karhunen_context* context, const karhunen_buffer* buffer,
                                    uint32_t element_bytes, uint64_t index, int32_t* value) {
    return guarded(context, [&] {
        const karhunen_buffer& b = checked(buffer);
        int32_t& result = output(value, "value");
        const size_t at = place(b, element_bytes, index);
        uint32_t bits = 0;
        std::memcpy(&bits, b.bytes.data() + at, element_bytes);
        const uint32_t above = 32 - 8 * element_bytes;
        result = static_cast<int32_t>(bits << above) >> above;
    });
}

void* karhunen_buffer_data(karhunen_buffer* buffer) {
    return is(buffer) ? buffer->bytes.data() : nullptr;
}

void karhunen_buffer_destroy(karhunen_buffer* buffer) {
    if (is(buffer)) delete buffer;
}

}  // extern "C"
