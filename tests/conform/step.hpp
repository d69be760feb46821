// One step of a case: an operation on a machine, and what it must answer. The language of conformance/*.json,
// and of the differential run.
//
// The operations are rows of a table (operations.cpp): a name, the names of its arguments, what it does to
// our machine. Whoever adds a row here has it in the published files, in their runner and in the differential
// run.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hw/board/machine.hpp"

namespace irqlab::conform {

inline constexpr unsigned arguments_max = 4;

struct Step;

/// A kind of step.
struct Operation {
    const char* name;
    std::array<const char*, arguments_max> arguments; ///< Their keys; unused ones null.
    bool answers;                                     ///< There is something to read or to look at.
    u64 (*perform)(hw::Machine&, const Step&, hw::Signals&);
};

/// `cpu` and `width` (in bytes) have keys of their own: default 0 and 1 (ports) or 4 (memory).
struct Step {
    const Operation* operation = nullptr;
    std::array<u64, arguments_max> argument{};
    u8 cpu = 0;
    u8 width = 0; ///< 0: the default of the operation.
    std::optional<u64> expect;
    u64 mask = ~u64{0}; ///< The bits of the answer that count.

    std::string_view name() const { return operation->name; }
};

/// The row of that name, or null.
const Operation* find_operation(std::string_view name);
std::span<const Operation> operations();

/// A step in code: `step("out", {0x20, 0x11})`. An unknown name is a bug of the caller.
Step step(std::string_view name, std::initializer_list<u64> arguments = {}, u8 width = 0, u8 cpu = 0);

/// Performs a step on our machine. 0 when it answers nothing.
u64 perform(hw::Machine& machine, const Step& step);

/// "out port=0x20 value=0x11": for people.
std::string text(const Step& step);

} // namespace irqlab::conform
