// The current kernel of a host thread, and its access budget.
#include "kernel/kernel.hpp"

namespace irqlab::kernel {

thread_local Kernel* the_kernel = nullptr;
constinit thread_local AccessBudget access_budget;

} // namespace irqlab::kernel
