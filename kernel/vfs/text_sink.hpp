// A text that grows in the World's arena: what a /proc or /sys file shows.
#pragma once
#include <cstddef>
#include <fmt/core.h>
#include <string_view>

namespace irqlab::sim {
class Arena;
}

namespace irqlab::kernel {

/// Has no destructor: a task may be killed while it fills one. Whoever made it calls drop().
class TextSink {
public:
    explicit TextSink(sim::Arena& arena) : arena_(&arena) {}

    std::string_view text() const { return {data_, size_}; }
    void append(std::string_view text);
    void append(char c) { append(std::string_view{&c, 1}); }
    /// Blanks (or `c`) until `count` more characters stand there.
    void fill(std::size_t count, char c = ' ');
    template <class... Args>
    void format(fmt::format_string<Args...> format, Args&&... args)
    {
        vformat(format, fmt::make_format_args(args...));
    }
    /// Writes over what stands at `at`; a gap before it becomes zeros.
    void put(std::size_t at, std::string_view text);
    /// Forgets the text, keeps the buffer.
    void clear() { size_ = 0; }
    /// Gives the buffer back.
    void drop();

private:
    void vformat(fmt::string_view format, fmt::format_args args);
    char* room(std::size_t bytes);

    sim::Arena* arena_;
    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace irqlab::kernel
