// Text that grows in the arena.
#include "kernel/vfs/text_sink.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "sim/arena.hpp"

namespace irqlab::kernel {

namespace {
constexpr std::size_t first_capacity = 1024;
}

char* TextSink::room(std::size_t bytes)
{
    if (size_ + bytes > capacity_) {
        const std::size_t capacity = std::max({first_capacity, capacity_ * 2, size_ + bytes});
        auto* data = static_cast<char*>(arena_->take(capacity));
        if (data_) {
            std::memcpy(data, data_, size_);
            arena_->give_back(data_, capacity_);
        }
        data_ = data;
        capacity_ = capacity;
    }
    return data_ + size_;
}

void TextSink::append(std::string_view text)
{
    if (text.empty())
        return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
}

void TextSink::fill(std::size_t count, char c)
{
    if (count == 0)
        return;
    std::memset(room(count), c, count);
    size_ += count;
}

void TextSink::put(std::size_t at, std::string_view text)
{
    if (at > size_)
        fill(at - size_, 0);
    const std::size_t over = std::min(text.size(), size_ - at);
    if (over != 0)
        std::memcpy(data_ + at, text.data(), over);
    append(text.substr(over));
}

void TextSink::vformat(fmt::string_view format, fmt::format_args args)
{
    fmt::basic_memory_buffer<char, 256> line;
    fmt::vformat_to(fmt::appender(line), format, args);
    append({line.data(), line.size()});
}

void TextSink::drop()
{
    if (data_)
        arena_->give_back(data_, capacity_);
    data_ = nullptr;
    size_ = capacity_ = 0;
}

} // namespace irqlab::kernel
