// The kernel's export table, as the builder sees it.
#include "app/exports.hpp"
#include "kernel/module/export.hpp"

namespace irqlab::app {

bool exported_by_release(const char* name, kernel::Release release)
{
    const kernel::Export* found = kernel::find_export(name, release);
    return found != nullptr && !found->on_request;
}

} // namespace irqlab::app
