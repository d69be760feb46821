// The field lists of the chips: one list for each chip serves save, restore, and the first difference of two
// states.
//
// A chip's list names every member once, in the order of declaration. Structs of the chips have no padding,
// so that bytes can be copied, compared and hashed as they are; `complete` proves both at compile time. Only
// code that saves or prints states includes this.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include "hw/base/bits.hpp"

namespace irqlab::hw {

/// One member of T and its name.
template <class T, class Member> struct FieldOf {
    const char* name;
    Member T::*member;
};
template <class T, class Member> constexpr FieldOf<T, Member> field(const char* name, Member T::*member)
{
    return {name, member};
}

/// The list of T: a tuple of field(...). Specialised for each chip in hw/state/fields.hpp.
template <class T> inline constexpr auto field_list = std::tuple<>{};

/// True when the list names bytes of all of T's members, and T has no padding.
template <class T> constexpr bool complete()
{
    const std::size_t listed = std::apply(
        [](const auto&... f) { return (std::size_t{0} + ... + sizeof(std::declval<T&>().*(f.member))); },
        field_list<T>);
    return listed == sizeof(T) && std::has_unique_object_representations_v<T>;
}

/// Calls visit(name, member) for each field of `object`, in the order of the list.
template <class T, class Visit> constexpr void for_each_field(T& object, Visit&& visit)
{
    std::apply([&](const auto&... f) { (visit(f.name, object.*(f.member)), ...); },
               field_list<std::remove_const_t<T>>);
}

} // namespace irqlab::hw
