// What a broken invariant prints before the process aborts.
#include "hw/base/check.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace irqlab {

namespace {
std::atomic<CheckHandler> the_handler{nullptr};
}

void set_check_handler(CheckHandler handler) { the_handler = handler; }

void check_failed(const char* file, int line, const char* condition)
{
    if (CheckHandler handler = the_handler.exchange(nullptr))
        handler(file, line, condition);
    std::fprintf(stderr, "irqlab: %s:%d: this must hold and does not: %s\n", file, line, condition);
    std::abort();
}

} // namespace irqlab
