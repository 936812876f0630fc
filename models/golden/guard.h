// What every function of golden.h stands on: handles that know their kind, arguments that are
// checked, and no exception that gets out.
#pragma once

#include <karhunen/golden.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "models/codec/codec.h"

namespace karhunen::golden {

enum class Kind : uint32_t {
    none = 0,
    context = 0x6B726E01,
    codec,
    encoder,
    decoder,
    dram,
    buffer,
};

/// First member of every handle. A mix-up is all too easy where they are all `chandle`.
struct Handle {
    explicit Handle(Kind k) : kind(k) {}
    ~Handle() { kind = Kind::none; }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Kind kind;
};

class Error : public std::runtime_error {
public:
    Error(karhunen_status s, const std::string& text) : std::runtime_error(text), status(s) {}
    karhunen_status status;
};

inline void need(bool good, const char* what) {
    if (!good) throw Error(KARHUNEN_BAD_ARGUMENT, what);
}

/// Whether it is a handle of type T.
template <typename T>
bool is(const T* handle) {
    if (!handle) return false;
    Kind kind;
    std::memcpy(&kind, static_cast<const void*>(handle), sizeof kind);
    return kind == T::own_kind;
}

template <typename T>
T& checked(T* handle) {
    if (!handle) throw Error(KARHUNEN_BAD_ARGUMENT, std::string(T::name) + " is NULL");
    if (!is(handle))
        throw Error(KARHUNEN_BAD_ARGUMENT, std::string("this is no ") + std::string(T::name));
    return *handle;
}

template <typename T>
T& output(T* pointer, const char* name) {
    if (!pointer) throw Error(KARHUNEN_BAD_ARGUMENT, std::string(name) + " is NULL");
    return *pointer;
}

template <typename T>
std::span<T> array(T* first, size_t count, const char* name) {
    if (!first && count > 0) throw Error(KARHUNEN_BAD_ARGUMENT, std::string(name) + " is NULL");
    return {first, count};
}

/// Products of sizes stay far below what overflows, and below what a test can want.
inline constexpr uint64_t most_values = uint64_t{1} << 28;

inline size_t checked_product(std::initializer_list<uint64_t> sizes) {
    uint64_t product = 1;
    for (const uint64_t size : sizes) {
        need(size >= 1 && size <= most_values / product, "sizes: below 1, or over 2^28 values");
        product *= size;
    }
    return product;
}

/// Leaves the text in the context and returns the status.
karhunen_status report(karhunen_context* context, karhunen_status status,
                       const char* text) noexcept;

/// A refusal by the codec of what it is asked to do, not of what it is given to read.
template <typename Call>
auto asking(Call&& call) {
    try {
        return call();
    } catch (const CodecError& e) {
        throw Error(KARHUNEN_BAD_ARGUMENT, e.what());
    }
}

/// Runs the call, which returns a status or nothing.
template <typename Call>
karhunen_status guarded(karhunen_context* context, Call&& call) noexcept {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
            call();
            return KARHUNEN_OK;
        } else {
            return call();
        }
    } catch (const Error& e) {
        return report(context, e.status, e.what());
    } catch (const CodecError& e) {
        return report(context, KARHUNEN_BAD_DATA, e.what());
    } catch (const std::bad_alloc&) {
        return report(context, KARHUNEN_NO_MEMORY, "no memory");
    } catch (const std::length_error&) {
        return report(context, KARHUNEN_NO_MEMORY, "no memory for so much");
    } catch (const std::exception& e) {
        return report(context, KARHUNEN_INTERNAL, e.what());
    } catch (...) {
        return report(context, KARHUNEN_INTERNAL, "unknown error");
    }
}

}  // namespace karhunen::golden
