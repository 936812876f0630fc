// Somebody outside the simulation who sends and gets bytes: a program that connects by TCP, or
// whoever opens a pseudo-terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace karhunen::debug {

/// A file descriptor that is closed at the end; -1: none.
class FileDescriptor {
public:
    explicit FileDescriptor(int number = -1) : number_(number) {}
    ~FileDescriptor() { reset(); }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    void reset(int number = -1);
    operator int() const { return number_; }

private:
    int number_;
};

struct Input {
    bool has_connected = false;  ///< somebody new
    bool has_left = false;
    std::string bytes;
};

class Endpoint {
public:
    virtual ~Endpoint() = default;
    /// Becomes readable when receive() has something to say. It changes as clients come and go.
    virtual int fd() const = 0;
    /// Never blocks.
    virtual Input receive() = 0;
    /// Blocks for some seconds at most. Bytes for nobody, or for somebody who does not take them,
    /// are lost.
    virtual void send(std::string_view bytes) = 0;
    /// Blocks until fd() is readable, or for that many milliseconds; -1: for ever.
    void wait(int most_ms = -1) const;
};

/// One client at a time, from this host only.
class TcpEndpoint : public Endpoint {
public:
    /// port 0: a free one. Throws std::runtime_error that begins with `option`.
    TcpEndpoint(const std::string& option, uint16_t port);

    uint16_t port() const { return port_; }
    bool is_connected() const { return client_ >= 0; }
    void disconnect() { client_.reset(); }
    int fd() const override { return is_connected() ? client_ : listener_; }
    Input receive() override;
    void send(std::string_view bytes) override;

private:
    FileDescriptor listener_, client_;
    uint16_t port_ = 0;
};

/// When the terminal is full and nobody has read for a moment, bytes are dropped.
class TerminalEndpoint : public Endpoint {
public:
    /// Throws std::runtime_error that begins with `option`.
    explicit TerminalEndpoint(const std::string& option);
    /// Gives whoever reads a moment to read the rest, which is lost with the terminal.
    ~TerminalEndpoint() override;

    /// To be opened by a terminal program.
    const std::string& path() const { return path_; }
    int fd() const override { return master_; }
    Input receive() override;
    void send(std::string_view bytes) override;

private:
    FileDescriptor master_, slave_;  ///< we keep both open: clients may come and go
    bool is_read_ = true;            ///< as far as we know
    std::string path_;
};

}  // namespace karhunen::debug
