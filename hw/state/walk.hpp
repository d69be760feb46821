// Walks a state field by field, down to its numbers: what save, restore and difference have in common.
#pragma once
#include <array>
#include <concepts>
#include <type_traits>

#include "hw/base/fields.hpp"

namespace irqlab::hw {

/// A number of a state: an integer, a flag or an enumerator.
template <class T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;

/// Calls visit(number) for each number in `value`, in the order of the field lists.
template <class T, class Visit> constexpr void walk(T& value, Visit&& visit)
{
    using Plain = std::remove_const_t<T>;
    if constexpr (Number<Plain>)
        visit(value);
    else if constexpr (requires { value.begin(); } || std::is_array_v<Plain>)
        for (auto& element : value)
            walk(element, visit);
    else
        for_each_field(value, [&](const char*, auto& member) { walk(member, visit); });
}

/// The number as 64 bits.
template <Number T> constexpr u64 bits_of(T value) { return static_cast<u64>(value); }

/// Bytes of a number in a saved state.
template <Number T> constexpr unsigned bytes_of() { return sizeof(T); }

/// A fingerprint of T's layout: names, order and sizes. Two builds whose states mean the same have the same.
constexpr u64 mix(u64 fingerprint, u64 word) { return (fingerprint ^ word) * 0x100000001b3; }

template <class T> constexpr u64 layout_of(u64 fingerprint)
{
    if constexpr (Number<T>) {
        return mix(fingerprint, sizeof(T));
    } else if constexpr (std::is_array_v<T>) {
        return layout_of<std::remove_extent_t<T>>(mix(fingerprint, std::extent_v<T>));
    } else if constexpr (requires { std::tuple_size<T>::value; }) {
        return layout_of<typename T::value_type>(mix(fingerprint, std::tuple_size_v<T>));
    } else {
        std::apply(
            [&](const auto&... f) {
                const auto one = [&]<class Class, class Member>(const FieldOf<Class, Member>& of) {
                    for (const char* c = of.name; *c != 0; ++c)
                        fingerprint = mix(fingerprint, static_cast<u8>(*c));
                    fingerprint = layout_of<Member>(fingerprint);
                };
                (one(f), ...);
            },
            field_list<T>);
        return fingerprint;
    }
}

} // namespace irqlab::hw
