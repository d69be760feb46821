// The first field in which two states differ, by name. See save.hpp.
#include <charconv>
#include <cstring>

#include "hw/base/check.hpp"
#include "hw/state/machine_fields.hpp"
#include "hw/state/save.hpp"
#include "hw/state/walk.hpp"

namespace irqlab::hw {
namespace {

/// The name of the field under way: "core[1].lapic.irr". Too long a name is cut.
class Path {
public:
    std::size_t enter(const char* name)
    {
        const std::size_t before = length_;
        if (length_ != 0)
            append(".");
        append(name);
        return before;
    }
    std::size_t enter(std::size_t index)
    {
        const std::size_t before = length_;
        char digits[24] = "[";
        char* end = std::to_chars(digits + 1, digits + sizeof digits - 2, index).ptr;
        *end++ = ']';
        *end = 0;
        append(digits);
        return before;
    }
    void leave(std::size_t before) { length_ = before; }
    void copy_to(char (&to)[80]) const
    {
        std::memcpy(to, text_, length_);
        to[length_] = 0;
    }

private:
    void append(const char* more)
    {
        while (*more != 0 && length_ < sizeof text_ - 1)
            text_[length_++] = *more++;
    }
    char text_[80] = "";
    std::size_t length_ = 0;
};

template <class T> bool compare(const T& a, const T& b, Path& path, StateDifference& result);

template <class T> bool compare_elements(const T& a, const T& b, Path& path, StateDifference& result)
{
    for (std::size_t i = 0; i < std::size(a); ++i) {
        const std::size_t before = path.enter(i);
        if (compare(a[i], b[i], path, result))
            return true;
        path.leave(before);
    }
    return false;
}

template <class T> bool compare_fields(const T& a, const T& b, Path& path, StateDifference& result)
{
    const auto one = [&](const auto& f) {
        const std::size_t before = path.enter(f.name);
        if (compare(a.*(f.member), b.*(f.member), path, result))
            return true;
        path.leave(before);
        return false;
    };
    return std::apply([&](const auto&... f) { return (one(f) || ...); }, field_list<T>);
}

template <class T> bool compare(const T& a, const T& b, Path& path, StateDifference& result)
{
    if constexpr (Number<T>) {
        if (a == b)
            return false;
        result.found = true;
        result.a = static_cast<u64>(a);
        result.b = static_cast<u64>(b);
        path.copy_to(result.path);
        return true;
    } else if constexpr (requires { a.begin(); } || std::is_array_v<T>) {
        return compare_elements(a, b, path, result);
    } else {
        return compare_fields(a, b, path, result);
    }
}

} // namespace

StateDifference first_difference(const Machine& a, const Machine& b)
{
    CHECK(a.cpu_count == b.cpu_count);
    StateDifference result;
    Path path;
    Board one = a, other = b;
    one.deadline_ns = other.deadline_ns = 0; // No part of the state.
    if (compare(one, other, path, result))
        return result;
    const auto member = [&](const char* name, const auto& left, const auto& right, std::size_t index) {
        Path at;
        at.enter(name);
        at.enter(index);
        return compare(left, right, at, result);
    };
    for (unsigned n = 0; n < a.pci.edus; ++n)
        if (member("edu", a.edu[n], b.edu[n], n))
            return result;
    if (a.has_ioapic2 && member("ioapic2", a.ioapic2, b.ioapic2, 0))
        return result;
    if (a.has_vtd && member("remap", a.remap, b.remap, 0))
        return result;
    for (unsigned cpu = 0; cpu < a.cpu_count && !result.found; ++cpu)
        member("core", a.core[cpu], b.core[cpu], cpu);
    return result;
}

} // namespace irqlab::hw
