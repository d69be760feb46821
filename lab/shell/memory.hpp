// Strings and lists of the shell, all in the World's arena.
//
// A task may be killed in any system call, and then no destructor runs: whatever is made while a script
// runs comes from the resource that the caller handed in, never from the heap. A pmr copy constructor
// takes the *default* resource, so copies are always spelled with the resource: Str(other, memory).
#pragma once
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::lab::sh {

using Memory = std::pmr::memory_resource;
using Str = std::pmr::string;
template <class T>
using Vec = std::pmr::vector<T>;

/// Makes a T in `memory`. It is given back with drop(), or goes with the arena.
template <class T, class... Args>
T* make(Memory& memory, Args&&... args)
{
    return std::pmr::polymorphic_allocator<>(&memory).new_object<T>(static_cast<Args&&>(args)...);
}

template <class T>
void drop(Memory& memory, T* object)
{
    std::pmr::polymorphic_allocator<>(&memory).delete_object(object);
}

/// A copy of `text` that lives as long as `memory`.
std::string_view keep(Memory& memory, std::string_view text);

/// Appends what printf would print. One call appends at most 4095 bytes.
void appendf(Str& out, const char* format, ...) __attribute__((format(printf, 2, 3)));

/// The text of an errno, given as a negative result. Source: [MAN3] "strerror".
const char* error_text(std::int64_t negative_errno);

/// A number as C writes it: decimal, 0x hexadecimal, leading 0 octal. False: `text` is not one.
bool parse_number(std::string_view text, std::int64_t& value);

bool is_name(std::string_view text);
bool is_name_start(char c);
bool is_name_char(char c);

} // namespace irqlab::lab::sh
