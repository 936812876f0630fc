// Tables for people.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace karhunen {

std::string fixed(double value, int digits);
/// A field of a CSV file (RFC 4180).
std::string csv_field(const std::string& text);
/// One decimal; "-" of nothing.
std::string percent(uint64_t part, uint64_t whole);

/// A table with aligned columns: the first `left` flush left, the others right.
class Table {
public:
    explicit Table(std::vector<std::string> head, size_t left = 2) : left_(left) {
        add(std::move(head));
    }
    /// A row may be shorter than the head.
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    void print(std::ostream& out) const;

private:
    size_t left_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace karhunen
