// CHECK: a broken invariant is our own bug, in every build. It prints what and where, then aborts.
//
// Whoever embeds the library may set a handler that prints more (seed, step, last events) first.
#pragma once

namespace irqlab {

using CheckHandler = void (*)(const char* file, int line, const char* condition);

/// Called before the process aborts. Null restores the default, which prints to stderr.
void set_check_handler(CheckHandler handler);

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

} // namespace irqlab

#define CHECK(condition) \
    (__builtin_expect(!(condition), 0) ? ::irqlab::check_failed(__FILE__, __LINE__, #condition) : void())
